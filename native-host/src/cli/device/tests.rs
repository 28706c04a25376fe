use super::*;

fn device(id: &str, name: &str, here: bool) -> Device {
    let seen = here.then_some(1_790_000_000_000);
    Device { id: id.to_owned(), name: name.to_owned(), here, seen, removable: true, invited: Vec::new() }
}

fn devices() -> [Device; 4] {
    [
        device("00112233445566778899aabbccddeeff", "Laptop", true),
        device("aabbccdd00112233445566778899aabb", "Old Laptop", false),
        device("aabbccee00112233445566778899aabb", "Desktop", false),
        device("0123456700112233445566778899aabb", "Evil\u{1b}[2J", false),
    ]
}

#[test]
fn a_device_is_named_by_a_part_of_its_name_or_the_beginning_of_its_id() {
    let devices = devices();
    for (query, name) in [("desk", "Desktop"), ("AABBCCDD", "Old Laptop"), ("laptop", "Old Laptop")] {
        assert_eq!(the_one(&devices, query).unwrap().name, name, "{query}");
    }
}

#[test]
fn nobody_and_several_are_told_apart() {
    let devices = devices();
    for query in ["", "phone", "aabbcc", "00112233"] {
        assert!(matches!(the_one(&devices, query), Err(Error::NoSuchDevice { .. })), "{query}");
    }
    let Err(Error::SeveralDevices { matches }) = the_one(&devices, "top") else { panic!() };
    assert_eq!(matches, ["  aabbccdd  Old Laptop", "  aabbccee  Desktop"]);
}

#[test]
fn the_table_marks_this_one_and_steers_no_terminal() {
    let expected = "\
ID        NAME        LAST WROTE (UTC)
00112233  Laptop      2026-09-21 14:13  this one
aabbccdd  Old Laptop  never
aabbccee  Desktop     never
01234567  Evil\u{fffd}[2J    never
";
    assert_eq!(table(&devices()), expected);
}
