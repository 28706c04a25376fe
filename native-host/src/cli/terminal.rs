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
    let typed = line(&format!("{question} Type {word} to go through with it: "))?;
    let typed = typed.unwrap_or_default();
    if typed.trim() == word { Ok(()) } else { Err(Error::NotTyped { word }) }
}

/// Reads a line that may be seen while it is typed; at a terminal or of standard input. `what` names it where there is none.
///
/// # Errors
/// Where there is no line, or the terminal fails.
pub(super) fn read_line(prompt: &str, what: &'static str) -> Result<Zeroizing<String>, Error> {
    let typed = line(prompt)?.ok_or(Error::NotGiven { what })?;
    Ok(Zeroizing::new(typed.trim().to_owned()))
}

/// Reads what nobody is to see: at a terminal after `prompt` and without echo, otherwise one line of standard input.
///
/// # Errors
/// As [`read_line`].
pub(super) fn read_hidden(prompt: &str, what: &'static str) -> Result<Zeroizing<String>, Error> {
    if io::stdin().is_terminal() {
        return rpassword::prompt_password(prompt).map(Zeroizing::new).map_err(Error::Terminal);
    }
    input_line()?.ok_or(Error::NotGiven { what })
}

/// Whether somebody can be asked.
pub(super) fn is_attended() -> bool {
    io::stdin().is_terminal()
}

/// Reads a PIN: at a terminal after `prompt` and without echo, otherwise one line of standard input.
///
/// # Errors
/// Where there is no line, or the terminal fails.
pub(super) fn read_pin(prompt: &str) -> Result<Zeroizing<String>, Error> {
    read_hidden(prompt, PIN).map(|pin| normalized(&pin)).map_err(|error| match error {
        Error::NotGiven { .. } => Error::NoPinGiven,
        error => error,
    })
}

/// A line after `prompt`; nothing at the end of the input.
fn line(prompt: &str) -> Result<Option<Zeroizing<String>>, Error> {
    eprint!("{prompt}");
    io::stderr().flush().map_err(Error::Terminal)?;
    let typed = input_line()?;
    if !io::stdin().is_terminal() {
        eprintln!();
    }
    Ok(typed)
}

/// The next line of standard input, without its end.
fn input_line() -> Result<Option<Zeroizing<String>>, Error> {
    let mut line = Zeroizing::new(String::new());
    if io::stdin().lock().read_line(&mut line).map_err(Error::Terminal)? == 0 {
        return Ok(None);
    }
    let text = line.strip_suffix('\n').unwrap_or(&line);
    Ok(Some(Zeroizing::new(text.strip_suffix('\r').unwrap_or(text).to_owned())))
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

const PIN: &str = "PIN";

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
