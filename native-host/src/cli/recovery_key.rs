//! The recovery key at the terminal: 24 words, shown once, and typed.

use std::io::{self, IsTerminal, Write};

use protocol::manage::sync::{RecoveryWords, Secret};
use zeroize::Zeroizing;

use super::error::Error;
use super::keys::Held;
use super::terminal::read_line;

/// Shows the words to be written down. At a terminal they are on a screen of their own, and gone from it when the user goes on.
///
/// # Errors
/// Where the terminal fails, or ends.
pub(super) fn show(words: &RecoveryWords) -> Result<(), Error> {
    let at_terminal = io::stdout().is_terminal() && io::stdin().is_terminal();
    if !at_terminal {
        println!("{}", *page(words));
        return Ok(());
    }
    // Ctrl-C too takes the words off the screen before it ends the command.
    let _held = Held::hold();
    print!("{OTHER_SCREEN}{}", *page(words));
    let gone_on = read_line("\nWhen they are on paper, press Enter: ", "answer");
    print!("{USUAL_SCREEN}");
    // Before anything is said on the usual screen.
    io::stdout().flush().map_err(Error::Terminal)?;
    gone_on.map(drop)
}

/// Asks for two of the words.
///
/// # Errors
/// As [`read_line`].
pub(super) fn ask_back(asked: [u8; 2]) -> Result<[Secret; 2], Error> {
    let [first, second] = asked.map(|number| read_line(&format!("Word {number}: "), "word"));
    Ok([first?, second?].map(secret))
}

/// Reads all 24, on one line or on several.
///
/// # Errors
/// As [`read_line`].
pub(super) fn read(prompt: &str) -> Result<RecoveryWords, Error> {
    let mut typed = read_line(prompt, WORDS)?;
    while (1..WORD_COUNT).contains(&typed.split_whitespace().count()) {
        let left = WORD_COUNT - typed.split_whitespace().count();
        let more = read_line(&format!("{left} more: "), WORDS)?;
        if more.is_empty() {
            break;
        }
        typed = Zeroizing::new([typed.as_str(), more.as_str()].join(" "));
    }
    Ok(RecoveryWords::new(typed.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// Four columns, read from the left to the right.
fn page(words: &RecoveryWords) -> Zeroizing<String> {
    let mut page = Zeroizing::new(String::with_capacity(2048));
    page.push_str("Your recovery key. Write these 24 words down, on paper, in this order:\n\n");
    // EXPOSE: to be written down by the user.
    for (at, word) in words.expose_secret().split(' ').enumerate() {
        let end = if at % 4 == 3 { "\n" } else { "  " };
        page.push_str(&format!("  {:>2} {word:<8}{end}", at + 1));
    }
    page.push_str(
        "\nWith them, and the login of your storage, you get everything back if all devices are lost. Whoever else has \
         both, too.\nKeystow keeps them nowhere and shows them this once.\n",
    );
    page
}

fn secret(mut typed: Zeroizing<String>) -> Secret {
    Secret::new(std::mem::take(&mut *typed))
}

const WORD_COUNT: usize = 24;
const WORDS: &str = "recovery key";

/// xterm's alternate screen, which leaves nothing in the scrollback.
const OTHER_SCREEN: &str = "\u{1b}[?1049h\u{1b}[2J\u{1b}[H";
const USUAL_SCREEN: &str = "\u{1b}[?1049l";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_stand_in_rows_of_four_with_their_numbers() {
        let words: Vec<_> = (1..=24).map(|n| format!("word{n}")).collect();
        let page = page(&RecoveryWords::new(words.join(" ")));
        let rows: Vec<_> = page.lines().filter(|line| line.contains("word")).map(str::trim_end).skip(1).collect();
        assert_eq!(rows.len(), 6);
        assert_eq!(rows[0], "   1 word1        2 word2        3 word3        4 word4");
        assert_eq!(rows[5], "  21 word21      22 word22      23 word23      24 word24");
    }
}
