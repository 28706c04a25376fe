//! QR codes on a terminal.

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

/// The QR code of `text`, black on white whatever the terminal's colours are; nothing where it is too long for one. Two modules to a
/// character, a quiet zone around.
pub(super) fn code(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    // The blocks are drawn in the foreground's colour, so they are the light modules.
    let drawn = code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
    let lines: Vec<_> = drawn.lines().map(|line| format!("  {WHITE_ON_BLACK}{line}{AS_BEFORE}")).collect();
    Some(lines.join("\n"))
}

const WHITE_ON_BLACK: &str = "\u{1b}[97;40m";
const AS_BEFORE: &str = "\u{1b}[0m";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_and_has_a_quiet_zone() {
        let code = code("keystow").unwrap_or_default();
        let rows: Vec<_> = code.lines().map(|line| line.matches(['█', '▀', '▄', ' ']).count() - 2).collect();
        // 21 modules and 4 on each side.
        assert_eq!(rows, vec![29; 15]);
        assert_eq!(code.lines().next().map(|line| line.matches('█').count()), Some(29));
    }

    #[test]
    fn what_no_code_can_hold_has_none() {
        assert_eq!(code(&"x".repeat(4000)), None);
    }
}
