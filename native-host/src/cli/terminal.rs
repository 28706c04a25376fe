//! The person at the terminal: questions, secrets without echo, and text from sites made harmless.

use std::io::{self, BufRead, IsTerminal, Write};

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::error::Error;

/// `text` with every control character replaced, so that a name chosen by a site cannot steer the terminal.
pub(super) fn harmless(text: &str) -> String {
    text.chars().map(|letter| if is_steering(letter) { char::REPLACEMENT_CHARACTER } else { letter }).collect()
}

/// Prints `value` for other programs, its members in the order of their declaration.
pub(super) fn print_json(value: &impl Serialize) {
    println!("{}", serde_json::to_string_pretty(value).expect("plain data")); // safe: strings, numbers and lists alone
}

/// Asks a question that only `y` or `yes` answers with yes.
///
/// # Errors
/// Where nobody is there to answer, or the terminal fails.
pub(super) fn confirm(question: &str) -> Result<bool, Error> {
    if !io::stdin().is_terminal() {
        return Err(Error::NobodyToAsk);
    }
    eprint!("{question} [y/N] ");
    io::stderr().flush().map_err(Error::Terminal)?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(Error::Terminal)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Asks that `word` be typed, as a whole; at a terminal or as one line of standard input.
///
/// # Errors
/// Where anything else is typed, or the terminal fails.
pub(super) fn confirm_by_typing(question: &str, word: &'static str) -> Result<(), Error> {
    eprint!("{question} Type {word} to go through with it: ");
    io::stderr().flush().map_err(Error::Terminal)?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed).map_err(Error::Terminal)?;
    if !io::stdin().is_terminal() {
        eprintln!();
    }
    if typed.trim() == word { Ok(()) } else { Err(Error::NotTyped { word }) }
}

/// Reads a PIN: at a terminal after `prompt` and without echo, otherwise one line of standard input.
///
/// # Errors
/// Where there is no line, or the terminal fails.
pub(super) fn read_pin(prompt: &str) -> Result<Zeroizing<String>, Error> {
    if io::stdin().is_terminal() {
        let typed = Zeroizing::new(rpassword::prompt_password(prompt).map_err(Error::Terminal)?);
        return Ok(normalized(&typed));
    }
    let mut line = Zeroizing::new(String::new());
    if io::stdin().lock().read_line(&mut line).map_err(Error::Terminal)? == 0 {
        return Err(Error::NoPinGiven);
    }
    let pin = line.strip_suffix('\n').unwrap_or(&line);
    Ok(normalized(pin.strip_suffix('\r').unwrap_or(pin)))
}

/// CTAP §6.5.1: a PIN is in normalization form C, so that one keyboard's é is another's.
fn normalized(pin: &str) -> Zeroizing<String> {
    let mut normal = Zeroizing::new(String::with_capacity(4 * pin.len()));
    normal.extend(pin.nfc());
    normal
}

/// Reads a new PIN; at a terminal twice, because what is typed is not seen.
///
/// # Errors
/// As [`read_pin`], and where the two differ.
pub(super) fn read_new_pin() -> Result<Zeroizing<String>, Error> {
    let pin = read_pin("New PIN: ")?;
    if io::stdin().is_terminal() && *read_pin("New PIN again: ")? != *pin {
        return Err(Error::PinsDiffer);
    }
    Ok(pin)
}

/// Control characters, and those that change the direction of text (Unicode's bidirectional formatting characters).
fn is_steering(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_composed_however_it_was_typed() {
        assert_eq!(*normalized("cafe\u{301}"), *normalized("caf\u{e9}"));
        assert_eq!(*normalized("1234"), "1234");
    }

    #[test]
    fn what_steers_a_terminal_is_replaced_and_other_text_is_not() {
        assert_eq!(harmless("\u{1b}[2Jalice\n\u{202e}"), "\u{fffd}[2Jalice\u{fffd}\u{fffd}");
        assert_eq!(harmless("Ålice Ωmega 日本"), "Ålice Ωmega 日本");
    }
}
