//! Texts of the page and of the vault, made safe to show: bounded, and without characters that act on their surroundings.

/// Most characters of a name that are shown; more is cut, and ends in an ellipsis.
const MAX_SHOWN: usize = 128;

/// `text` as the window may show it. White space of any kind and number becomes one space. Controls, bidirectional controls, tag
/// characters (L3 §6.4.2 keeps language and direction in them) and other characters without a shape are left out; joiners stay, for
/// scripts and emoji that need them.
pub fn shown(text: &str) -> String {
    let mut shown = String::new();
    let mut length = 0;
    let mut space_before = false;
    for character in text.chars().filter(|character| character.is_whitespace() || !acts(*character)) {
        if character.is_whitespace() {
            space_before = length > 0;
            continue;
        }
        let needed = 1 + usize::from(space_before);
        if length + needed > MAX_SHOWN {
            shown.push('…');
            break;
        }
        if std::mem::take(&mut space_before) {
            shown.push(' ');
        }
        shown.push(character);
        length += needed;
    }
    shown
}

/// Whether a character changes how others look, or takes no room itself.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests;
