//! A QR code as the path of an SVG.

use qrcode::{Color, EcLevel, QrCode};

/// The white border that readers want around it, in modules (ISO/IEC 18004 §6.3.8).
const QUIET: usize = 4;

/// A QR code, one module being a unit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Qr {
    /// The length of its side, with the border.
    pub side: usize,
    /// The path around its dark modules: a run of a row each.
    pub path: String,
}

/// `text` as a QR code; nothing where it is too long for one.
pub fn qr(text: &str) -> Option<Qr> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let width = code.width();
    let modules = code.into_colors();
    let mut path = String::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                path += &format!("M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
            }
            x += run.len();
        }
    }
    Some(Qr { side: width + 2 * QUIET, path })
}

#[cfg(test)]
mod tests;
