use protocol::manage::Account;

use super::details;
use crate::presentation::manager::Passkeys;
use crate::presentation::manager::tests::account;
use crate::presentation::view::Words;

#[test]
fn before_the_only_one_of_a_site_is_deleted_it_is_said() {
    let mut passkeys = Passkeys::default();
    passkeys.put(vec![account("a.example", "ada", 1)]);
    let warning = |key| Words { key, argument: Some("a.example".to_owned()) };
    assert_eq!(details(&account("a.example", "ada", 1), &passkeys, None).warnings, [warning("warningOnly")]);
    passkeys.put(vec![account("a.example", "grace", 2)]);
    assert_eq!(details(&account("a.example", "ada", 1), &passkeys, None).warnings, []);
    let used = Account { prf_used: true, ..account("a.example", "ada", 1) };
    assert_eq!(details(&used, &passkeys, None).warnings, [warning("warningPrf")]);
}

#[test]
fn in_words() {
    let account = Account { user_display_name: "Ada L.".to_owned(), backed_up: true, ..account("a.example", "ada", 1) };
    let shown = details(&account, &Passkeys::default(), None);
    assert_eq!((shown.name.as_deref(), shown.display_name.as_deref()), (Some("ada"), Some("Ada L.")));
    assert_eq!(
        (shown.copies.key, shown.algorithm, shown.prf),
        ("copiesBackedUp", ("algorithmCurve", "ES256"), "prfUnused")
    );
    assert_eq!(shown.remarks, ["remarkNeverUsed"]);
}

#[test]
fn a_name_that_acts_on_its_surroundings_is_made_safe() {
    let account = account("a.example", "a\u{202e}da", 1);
    assert_eq!(details(&account, &Passkeys::default(), None).name.as_deref(), Some("ada"));
}
