use super::*;

const OVER: Over = Over { left: Some(1920), top: Some(10), width: Some(1000), focused: true, minimized: false };

#[test]
fn it_goes_over_the_middle_of_the_asking_window_on_its_screen() {
    let place = Placement { left: Some(2220), top: Some(74), focused: true };
    assert_eq!(placement(true, Some(OVER), 400), Some(place));
    let narrow = Over { left: Some(-100), width: Some(300), ..OVER };
    assert_eq!(placement(true, Some(narrow), 400).and_then(|place| place.left), Some(-150));
}

#[test]
fn it_never_takes_the_keyboard_from_another_window() {
    let behind = Over { focused: false, ..OVER };
    assert!(placement(true, Some(behind), 400).is_some_and(|place| !place.focused));
}

#[test]
fn for_a_page_out_of_sight_none_comes_up() {
    assert_eq!(placement(false, Some(OVER), 400), None);
    assert_eq!(placement(true, Some(Over { minimized: true, ..OVER }), 400), None);
}

#[test]
fn where_the_browser_tells_nothing_of_windows_it_chooses_the_place() {
    assert_eq!(placement(true, None, 400), Some(Placement { left: None, top: None, focused: true }));
}
