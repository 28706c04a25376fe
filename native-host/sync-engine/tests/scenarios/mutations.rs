//! The mutations of SYNC §16.2 that an attack has to find: broken so, the attack of that row succeeds.

use sync_engine::mutations::{Mutation, break_on_purpose};

use super::{attacks_from_inside, conflicts_of_machines};

/// What is broken so makes this fail.
fn is_found_by(mutation: Mutation, row: fn()) {
    let found = std::panic::catch_unwind(|| {
        break_on_purpose(Some(mutation));
        row();
    });
    break_on_purpose(None);
    assert!(found.is_err(), "{mutation:?} is not noticed");
}

#[test]
fn a_junior_that_may_remove_its_senior_is_noticed() {
    is_found_by(Mutation::JuniorRemovesSenior, attacks_from_inside::attack_7_a_junior_evicts_its_senior);
}

#[test]
fn a_kept_list_that_is_ignored_is_noticed() {
    let row = attacks_from_inside::attack_6_a_removed_device_forges_a_back_dated_invitation_and_removals;
    is_found_by(Mutation::KeptListIgnored, row);
}

#[test]
fn a_signature_that_is_not_checked_is_noticed() {
    let row = attacks_from_inside::attack_6b_a_removed_device_seals_a_head_in_anothers_name_with_the_old_vault_key;
    is_found_by(Mutation::SignatureNotChecked, row);
}

#[test]
fn a_vault_key_that_is_not_rotated_is_noticed() {
    is_found_by(Mutation::KeyNotRotated, attacks_from_inside::attack_5_a_removed_device_reads_on);
}

#[test]
fn a_restored_disk_that_goes_on_under_its_old_name_is_noticed() {
    is_found_by(Mutation::OldNameGoesOn, conflicts_of_machines::a_device_is_restored_from_a_backup);
}
