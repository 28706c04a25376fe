//! The whole chain in real browsers: the built extension, the real host, a private keychain, and the real consent window,
//! read, typed into and clicked. The page uses `@simplewebauthn/browser`, and `@simplewebauthn/server` judges.
//!
//! Each browser plays all rows in one session; every row has a host name, and so an RP ID and a document, of its own.
//! `KEYSTOW_ROW=part of a name` plays the first row (it chooses the PIN) and those that match; several parts with commas between.

mod browsers {
    pub mod adversarial;
    pub mod ceremonies;
    pub mod chain;
    pub mod conditional;
    pub mod endings;
    pub mod frames;
    pub mod german;
    pub mod hostile;
    pub mod manager;
    pub mod popup;
    pub mod private;
    pub mod signals;
    pub mod steps;
    pub mod sync;
    pub mod sync_icon;
    pub mod sync_screens;
    pub mod sync_states;
    pub mod sync_webdav;
    pub mod theme;
    pub mod toolbar;
    pub mod two_browsers;
    pub mod verification;
    pub mod welcome;
    pub mod window;
}

use std::future::Future;
use std::pin::Pin;
use std::time::Instant;

use http::Method;
use serde_json::Value;

use browsers::{
    adversarial, ceremonies, chain, conditional, endings, frames, german, hostile, manager, popup, private, signals,
    steps, sync, sync_screens, sync_webdav, theme, toolbar, two_browsers, verification, welcome, window,
};
use tests::browser::{Error, Kind};
use tests::stage::Stage;

/// A row's name (also its host's) and what it plays.
type Row = (&'static str, for<'a> fn(&'a Stage, &'a str) -> Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>);

macro_rules! rows {
    ($($module:ident::$name:ident,)*) => {
        &[$((stringify!($name), |stage, host| Box::pin($module::$name(stage, host)))),*]
    };
}

/// The first row chooses the PIN that the others type; the last ones break the chain.
const ROWS: &[Row] = rows![
    ceremonies::chooses_a_pin_and_registers,
    ceremonies::signs_in_after_a_wrong_pin,
    ceremonies::discouraged_asks_nothing,
    ceremonies::offers_several_accounts_last_used_first,
    ceremonies::works_by_keyboard_alone,
    ceremonies::an_excluded_credential_is_told_after_consent,
    ceremonies::use_another_device_reaches_the_browser,
    ceremonies::nothing_held_reaches_the_browser_at_once,
    ceremonies::takes_an_8_kib_challenge_and_refuses_64_mib,
    window::a_long_list_is_searched_and_what_is_out_of_sight_is_not_chosen,
    window::by_roles_and_names_alone,
    window::a_site_is_left_to_the_browser_for_good_and_taken_back,
    window::a_second_way_in_is_told_of_until_the_user_has_heard_enough,
    welcome::a_missing_host_is_noticed_when_it_is_there,
    welcome::a_test_passkey_works_and_is_removed,
    verification::the_system_verifies_after_a_click,
    verification::the_settings_let_the_system_ask_instead_of_the_pin,
    verification::what_the_system_did_not_confirm_is_tried_again_or_done_by_pin,
    verification::the_ceremony_ends_while_the_system_asks,
    endings::cancel_button,
    endings::escape,
    endings::closing_the_window,
    endings::abort_by_the_page,
    endings::a_second_call_replaces_the_first,
    endings::closing_the_tab,
    endings::leaving_the_page,
    frames::a_frame_that_may_registers_and_signs_in,
    frames::a_frame_that_may_not_is_the_browsers,
    frames::to_create_in_a_frame_takes_the_users_activation,
    frames::a_frame_does_not_end_what_its_page_asks,
    frames::a_page_out_of_sight_asks_nobody,
    hostile::enter_hammered_before_the_window_is_armed,
    hostile::a_page_that_lies_about_itself,
    conditional::focusing_the_field_invites_and_one_click_in_the_window_signs_in,
    conditional::a_window_that_was_closed_leaves_the_request_parked,
    conditional::the_invitation_by_keyboard_alone,
    conditional::what_the_page_says_to_the_invitation_takes_nothing,
    conditional::the_page_takes_its_conditional_request_back,
    conditional::fields_in_shadow_trees_and_a_modal_dialog,
    conditional::a_strict_policy_of_the_page_changes_nothing,
    conditional::a_field_in_a_frame_of_the_same_origin,
    conditional::nothing_is_offered_where_nothing_is_held,
    conditional::the_background_ended_while_a_request_is_parked,
    signals::what_a_site_no_longer_accepts_is_hidden_until_it_does,
    signals::the_window_shows_the_name_that_the_site_signals,
    signals::signals_that_are_wrong_or_of_another_site,
    popup::opens_from_the_toolbar,
    toolbar::carries_the_offer_of_a_page_without_a_field,
    toolbar::an_offer_that_was_withdrawn_is_gone,
    toolbar::a_site_that_is_switched_off_is_left_to_the_browser,
    toolbar::the_switches_for_saving_automatically,
    toolbar::a_request_stays_parked_while_the_toolbar_is_looked_at,
    toolbar::what_was_saved_automatically_is_listed_and_undone,
    toolbar::something_in_front_of_the_passkey_functions_is_told,
    toolbar::a_password_that_was_entered_is_noted,
    toolbar::a_missing_host_is_told_with_what_to_do,
    manager::lists_searches_and_opens,
    manager::deletes_with_undo_and_restores,
    manager::writes_a_name_and_a_note,
    manager::a_rule_is_undone,
    manager::the_pin_is_changed,
    manager::theme_and_language,
    german::every_screen_in_german,
    theme::the_chosen_colours_hold_in_what_is_drawn_into_pages,
    manager::private_windows_and_autofill_are_left_to_the_browser,
    manager::tells_what_is_in_order,
    signals::after_a_password_a_passkey_is_made_without_a_window,
    adversarial::forged_messages_on_the_handshake_event,
    adversarial::poisoned_primordials_see_nothing,
    adversarial::poisoned_primordials_break_nothing,
    adversarial::a_frame_that_changes_its_origin,
    adversarial::a_covered_invitation,
    adversarial::a_dragged_invitation,
    adversarial::a_thousand_calls,
    private::warns_in_a_private_window_and_leaves_it_to_the_browser,
    chain::background_ended_while_the_window_is_open,
    chain::host_killed_while_the_window_is_open,
    chain::host_not_installed,
    chain::extension_reloaded_while_the_window_is_open,
];

/// Rows without a virtual authenticator: Chromium's answers the browser's own conditional request at once, and so ends what is parked.
const ALONE: &[&str] = &[
    "the_chosen_colours_hold_in_what_is_drawn_into_pages",
    "a_covered_invitation",
    "a_dragged_invitation",
    "focusing_the_field_invites_and_one_click_in_the_window_signs_in",
    "a_window_that_was_closed_leaves_the_request_parked",
    "the_invitation_by_keyboard_alone",
    "what_the_page_says_to_the_invitation_takes_nothing",
    "the_page_takes_its_conditional_request_back",
    "fields_in_shadow_trees_and_a_modal_dialog",
    "a_strict_policy_of_the_page_changes_nothing",
    "a_field_in_a_frame_of_the_same_origin",
    "nothing_is_offered_where_nothing_is_held",
    "the_background_ended_while_a_request_is_parked",
    "carries_the_offer_of_a_page_without_a_field",
    "an_offer_that_was_withdrawn_is_gone",
    "private_windows_and_autofill_are_left_to_the_browser",
    "a_request_stays_parked_while_the_toolbar_is_looked_at",
];

#[tokio::test]
async fn chromium() -> Result<(), Error> {
    play(Kind::Chromium).await
}

#[tokio::test]
async fn firefox() -> Result<(), Error> {
    play(Kind::Firefox).await
}

#[tokio::test]
async fn first_run_in_chromium() -> Result<(), Error> {
    welcome::first_run(Kind::Chromium).await?;
    welcome::welcomed(Kind::Chromium).await?;
    welcome::without_keychain(Kind::Chromium).await
}

#[tokio::test]
async fn first_run_in_firefox() -> Result<(), Error> {
    welcome::first_run(Kind::Firefox).await?;
    welcome::welcomed(Kind::Firefox).await?;
    welcome::without_keychain(Kind::Firefox).await
}

#[tokio::test]
async fn sync_screens_in_chromium() -> Result<(), Error> {
    sync_screens::play(Kind::Chromium).await
}

#[tokio::test]
async fn sync_screens_in_firefox() -> Result<(), Error> {
    sync_screens::play(Kind::Firefox).await
}

#[tokio::test]
async fn sync_between_computers() -> Result<(), Error> {
    sync::play().await
}

#[tokio::test]
async fn sync_over_a_server() -> Result<(), Error> {
    sync_webdav::play().await
}

#[tokio::test]
async fn one_vault_in_both_browsers() -> Result<(), Error> {
    two_browsers::play().await
}

async fn play(kind: Kind) -> Result<(), Error> {
    let stage = Stage::set(kind).await?;
    let wanted = std::env::var("KEYSTOW_ROW").unwrap_or_default();
    let mut failures = Vec::new();
    for (number, (name, row)) in ROWS.iter().enumerate() {
        if number > 0 && !wanted.split(',').any(|part| name.contains(part)) {
            continue;
        }
        stage.only_the_page().await?;
        let authenticator = match ALONE.contains(name) {
            true => None,
            // A new one for each row: Chromium's is full with three passkeys.
            false => Some(stage.browser.add_virtual_authenticator().await?),
        };
        let start = Instant::now();
        let host = format!("{}.localhost", name.replace('_', "-"));
        let result = row(&stage, &host).await;
        let verdict = if result.is_ok() { "ok" } else { "FAILED" };
        println!("{kind:?}: {name} ... {verdict} ({:.1} s)", start.elapsed().as_secs_f64());
        if let Err(error) = result {
            failures.push(format!("{name}\n  {error}"));
        }
        if let Some(id) = authenticator {
            stage.only_the_page().await?;
            stage.browser.command(Method::DELETE, &format!("/webauthn/authenticator/{id}"), Value::Null).await?;
        }
    }
    stage.browser.quit().await?;
    let sentence = format!("{} of {} rows failed in {kind:?}:\n{}", failures.len(), ROWS.len(), failures.join("\n"));
    steps::ensure(failures.is_empty(), sentence)
}
