use super::{ROW, moved, rows, scrolled_to};

#[test]
fn only_what_is_in_view_and_a_little_more_is_there() {
    assert_eq!(rows(0, 0, 600), 0..0);
    assert_eq!(rows(3, 0, 600), 0..3);
    assert_eq!(rows(10_000, 0, 600), 0..17);
    assert_eq!(rows(10_000, 100 * ROW, 600), 94..117);
    assert_eq!(rows(10_000, 9_990 * ROW, 600), 9_984..10_000);
    assert_eq!(rows(5, 9_990 * ROW, 600), 5..5);
    assert_eq!(rows(5, -40, 600), 0..5);
}

#[test]
fn a_row_out_of_view_is_scrolled_to() {
    assert_eq!(scrolled_to(2, 0, 600), None);
    assert_eq!(scrolled_to(2, 300, 600), Some(120));
    assert_eq!(scrolled_to(10, 0, 600), Some(60));
}

#[test]
fn keys_move_within_the_list() {
    assert_eq!(moved("ArrowDown", None, 10, 4), Some(0));
    assert_eq!(moved("ArrowDown", Some(9), 10, 4), Some(9));
    assert_eq!(moved("ArrowUp", Some(0), 10, 4), Some(0));
    assert_eq!(moved("PageDown", Some(3), 10, 4), Some(7));
    assert_eq!(moved("PageUp", Some(3), 10, 4), Some(0));
    assert_eq!((moved("Home", Some(3), 10, 4), moved("End", None, 10, 4)), (Some(0), Some(9)));
    assert_eq!((moved("x", Some(3), 10, 4), moved("End", None, 0, 4)), (None, None));
}
