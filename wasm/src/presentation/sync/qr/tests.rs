use super::{QUIET, qr};

/// The modules of `path`, row by row.
fn drawn(side: usize, path: &str) -> Vec<Vec<bool>> {
    let mut modules = vec![vec![false; side]; side];
    for run in path.split('z').filter(|run| !run.is_empty()) {
        let numbers: Vec<usize> =
            run.split(|character: char| !character.is_ascii_digit()).filter_map(|text| text.parse().ok()).collect();
        let [x, y, length, 1, back] = numbers[..] else { panic!("{run}") };
        assert_eq!(length, back);
        modules[y][x..x + length].fill(true);
    }
    modules
}

#[test]
fn has_its_finders_and_its_border() {
    let code = qr("keystow-join:abc").unwrap();
    let modules = drawn(code.side, &code.path);
    let dark: Vec<bool> = (0..7).map(|x| modules[QUIET + 1][QUIET + x]).collect();
    assert_eq!(dark, [true, false, false, false, false, false, true]);
    assert!(modules[QUIET][QUIET..QUIET + 7].iter().all(|dark| *dark));
    let is_border = |at: usize| at < QUIET || at >= code.side - QUIET;
    let borders =
        modules.iter().enumerate().flat_map(|(y, row)| row.iter().enumerate().map(move |(x, dark)| (x, y, *dark)));
    assert!(borders.filter(|(x, y, _)| is_border(*x) || is_border(*y)).all(|(.., dark)| !dark));
    // Version 1 has 21 modules (ISO/IEC 18004 §6.3.1).
    assert_eq!(code.side, 21 + 2 * QUIET);
}

#[test]
fn the_same_modules_as_the_encoder_made() {
    let text = "keystow-join:eyJjb2RlIjoiN1FLNC1NMlhCLVA5RFQtM0hXRSJ9";
    let made = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::L).unwrap();
    let code = qr(text).unwrap();
    let modules = drawn(code.side, &code.path);
    for y in 0..made.width() {
        for x in 0..made.width() {
            assert_eq!(modules[y + QUIET][x + QUIET], made[(x, y)] == qrcode::Color::Dark, "{x} {y}");
        }
    }
}

#[test]
fn too_much_is_no_code() {
    assert_eq!(qr(&"a".repeat(3000)), None);
}
