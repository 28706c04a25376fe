use super::*;

fn state() -> State {
    State {
        site: Some("example.com".into()),
        host: Host::Good,
        switches: Switches { on_here: true, upgrades_here: true, upgrades: true },
        ..State::default()
    }
}

fn offering() -> State {
    State { offers: vec![Offer { frame: 3, rp_id: "example.com".into() }], ..state() }
}

fn said(state: &State) -> Vec<&'static str> {
    view(state).notices.iter().map(|notice| notice.what.key).collect()
}

#[test]
fn an_offer_is_a_button_with_the_rp_id_and_no_account() {
    let view = view(&offering());
    assert_eq!(view.offers, [(3, with("usePasskey", "example.com"))]);
    assert_eq!(view.notices, []);
    assert_eq!(view.title, with("toolbarSite", "example.com"));
}

#[test]
fn where_there_is_nothing_to_do_that_is_said() {
    assert_eq!(said(&state()), ["toolbarNothing"]);
    let asked = State { host: Host::Asked, ..state() };
    assert!(said(&asked).is_empty(), "it is not known yet");
}

#[test]
fn a_page_that_is_not_served_has_no_switches_of_its_own() {
    let state = State { site: None, ..state() };
    assert_eq!(said(&state), ["toolbarNotServed"]);
    assert_eq!(view(&state).title, plain("toolbarNoSite"));
    assert_eq!(view(&state).switches.map(|switch| switch.is_shown), [false, false, true]);
}

#[test]
fn a_private_tab_makes_no_rule_for_its_site() {
    let state = State { is_private: true, ..offering() };
    assert_eq!(said(&state), ["toolbarPrivate"]);
    assert_eq!(view(&state).switches.map(|switch| switch.is_shown), [false, false, true]);
    assert_eq!(view(&state).offers.len(), 1);
}

#[test]
fn a_site_that_is_off_offers_nothing_and_its_second_switch_is_overruled() {
    let mut state = State { is_covered: true, ..offering() };
    state.switches.on_here = false;
    let view = view(&state);
    assert!(view.offers.is_empty());
    assert_eq!(said(&state), ["toolbarOff"]);
    assert_eq!(view.switches.map(|switch| switch.is_on), [false, false, true]);
    assert_eq!(view.switches.map(|switch| switch.is_usable), [true, false, true]);
}

#[test]
fn the_global_switch_overrules_that_of_the_site() {
    let mut state = state();
    state.switches.upgrades = false;
    let [_, here, all] = view(&state).switches;
    assert_eq!((here.is_on, here.is_usable), (false, false));
    assert_eq!((all.is_on, all.is_usable), (false, true));
}

#[test]
fn a_missing_host_and_one_that_cannot_serve_are_told_with_what_to_do() {
    let missing = view(&State { host: Host::Missing, ..state() });
    assert_eq!(missing.notices, [problem("hostMissing", "remedyDoctor", None)]);
    let locked = view(&State { host: Host::Refused("The keychain is locked.".into()), ..state() });
    assert_eq!(locked.notices[0].verbatim.as_deref(), Some("The keychain is locked."));
    assert_eq!(locked.notices[0].remedy, Some(plain("remedyDoctor")));
}

#[test]
fn another_manager_in_front_is_told_beside_what_is_offered() {
    assert_eq!(said(&State { is_covered: true, ..offering() }), ["covered"]);
}

#[test]
fn what_was_saved_says_what_became_of_its_undo() {
    let saved = |undo| Saved { ceremony: "c".into(), rp_id: "example.com".into(), user_name: " ada ".into(), undo };
    let state = State { saved: vec![saved(Undo::Possible), saved(Undo::Done), saved(Undo::Failed)], ..state() };
    let lines = view(&state).saved;
    assert_eq!(
        lines[0],
        SavedView { ceremony: "c".into(), user_name: "ada".into(), rp_id: "example.com".into(), said: None }
    );
    assert_eq!(lines[1].said, Some(plain("savedUndoneShort")));
    assert_eq!(lines[2].said, Some(plain("savedNotUndone")));
    assert!(said(&state).is_empty());
}

#[test]
fn what_travels_between_page_and_background_is_read_as_it_was_written() {
    let state = State { host: Host::Refused("no".into()), ..offering() };
    let written = serde_json::to_value(&state).expect("JSON");
    assert_eq!(serde_json::from_value::<State>(written).expect("a state"), state);
    for command in [Command::Use(4), Command::Undo("c".into()), Command::OnHere(false), Command::Upgrades(true)] {
        let written = serde_json::to_value(&command).expect("JSON");
        assert_eq!(serde_json::from_value::<Command>(written).expect("a command"), command);
    }
}

#[test]
fn it_is_about_the_tab_in_view_or_the_one_before_its_own() {
    let tab = |id, active, last_accessed| Tab { id, active, last_accessed };
    let tabs = [tab(1, false, 300.0), tab(2, true, 100.0), tab(3, false, 200.0)];
    assert_eq!(tab_in_question(&tabs, None), Some(2));
    assert_eq!(tab_in_question(&tabs, Some(2)), Some(1));
    assert_eq!(tab_in_question(&tabs[1..2], Some(2)), None);
}

#[test]
fn every_word_of_it_is_there() {
    let english = include_str!("../../../../extension/_locales/en/messages.json");
    let english: serde_json::Map<String, serde_json::Value> = serde_json::from_str(english).expect("JSON");
    let saved = |undo| Saved { ceremony: "c".into(), rp_id: "example.com".into(), user_name: String::new(), undo };
    let hosts = [Host::Asked, Host::Good, Host::Missing, Host::Refused(String::new())];
    let mut keys = Vec::new();
    for (host, flags) in hosts.iter().flat_map(|host| (0..16).map(move |flags| (host, flags))) {
        let mut state = State { host: host.clone(), is_covered: flags & 1 > 0, ..offering() };
        state.is_private = flags & 2 > 0;
        state.switches.on_here = flags & 4 > 0;
        if flags & 8 > 0 {
            state =
                State { site: None, offers: Vec::new(), saved: vec![saved(Undo::Done), saved(Undo::Failed)], ..state };
        }
        let View { title, notices, offers, saved, .. } = view(&state);
        keys.push(title.key);
        keys.extend(
            notices
                .iter()
                .flat_map(|notice| [Some(&notice.what), notice.remedy.as_ref()])
                .flatten()
                .map(|words| words.key),
        );
        keys.extend(offers.iter().map(|(_, words)| words.key));
        keys.extend(saved.iter().filter_map(|saved| saved.said.as_ref()).map(|words| words.key));
    }
    let missing: Vec<_> = keys.into_iter().filter(|key| !english.contains_key(*key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
