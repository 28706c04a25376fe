use super::*;

fn settings(pin_set: bool, built_in: bool, os: OsVerification) -> Settings {
    let verification =
        Verification { pin_set, retries: 8, min_pin_length: 4, must_change_pin: false, built_in, always: false };
    Settings { verification, os_verification: built_in, os }
}

fn problem(code: &str) -> Option<Result<Settings, Problem>> {
    Some(Err(Problem { code: code.to_owned(), message: "The host says.".to_owned(), notice: None }))
}

fn states(known: &Known) -> [State; 5] {
    view(known).map(|step| step.state)
}

#[test]
fn one_thing_comes_after_the_other() {
    use State::{Asking, Done, Later, Todo, Wrong};
    let known = |host| Known { host, ..Known::default() };
    assert_eq!(states(&known(None)), [Asking, Later, Later, Later, Later]);
    assert_eq!(states(&known(problem(HOST_MISSING))), [Wrong, Later, Later, Later, Later]);
    assert_eq!(states(&known(problem("keychain_unavailable"))), [Done, Wrong, Later, Later, Later]);
    assert_eq!(states(&known(problem("vault_unreadable"))), [Done, Done, Wrong, Later, Later]);
    assert_eq!(states(&known(problem("something new"))), [Wrong, Later, Later, Later, Later]);
    let nothing_chosen = settings(false, false, OsVerification::Unsupported);
    assert_eq!(states(&known(Some(Ok(nothing_chosen.clone())))), [Done, Done, Done, Todo, Later]);
    let chosen = known(Some(Ok(settings(true, false, OsVerification::Unsupported))));
    assert_eq!(states(&chosen), [Done, Done, Done, Done, Todo]);
    assert_eq!(states(&Known { trial: Trial::Works { removed: true }, ..chosen }), [Done; 5]);
    let no_keychain = Known { keychain: Some(ErrorCode::KeychainUnavailable), ..known(Some(Ok(nothing_chosen))) };
    assert_eq!(states(&no_keychain), [Done, Wrong, Later, Later, Later]);
}

#[test]
fn what_is_wrong_has_one_command_or_click() {
    for code in [HOST_MISSING, "keychain_unavailable", "keychain_emptied", "vault_wrong_key", "internal"] {
        let steps = view(&Known { host: problem(code), ..Known::default() });
        let wrong = steps.iter().find(|step| step.state == State::Wrong).unwrap();
        let command = match code {
            HOST_MISSING => "keystow install",
            "keychain_unavailable" => "sudo apt install gnome-keyring",
            _ => "keystow doctor",
        };
        assert_eq!(wrong.act, Some(Act::Command(command)), "{code}");
        assert!(wrong.said.is_some(), "{code}");
    }
    let locked = Known { host: problem("keychain_locked"), ..Known::default() };
    assert_eq!(view(&locked)[1].act, Some(Act::AskAgain));
}

#[test]
fn the_page_asks_by_itself_until_a_passkey_can_be_tried_but_never_an_unlocking_prompt() {
    let goes = |host| goes_on(&Known { host, ..Known::default() });
    assert!(goes(None));
    assert!(goes(problem(HOST_MISSING)));
    assert!(goes(problem("keychain_unavailable")));
    assert!(!goes(problem("keychain_locked")));
    assert!(goes(Some(Ok(settings(false, false, OsVerification::Ready)))));
    assert!(!goes(Some(Ok(settings(true, false, OsVerification::Ready)))));
}

#[test]
fn the_system_is_offered_beside_a_pin_where_it_is_ready() {
    let act = |os| view(&Known { host: Some(Ok(settings(false, false, os))), ..Known::default() })[3].act;
    assert_eq!(act(OsVerification::Ready), Some(Act::ChoosePin { min_length: 4, system: true }));
    assert_eq!(act(OsVerification::Unsupported), Some(Act::ChoosePin { min_length: 4, system: false }));
    let not_yet = OsVerification::NotSetUp { code: None, finding: "x".to_owned(), fix: "y".to_owned() };
    assert_eq!(act(not_yet), Some(Act::ChoosePin { min_length: 4, system: false }));
}

#[test]
fn the_test_passkey_says_how_it_is() {
    let shown = |trial| {
        let host = Some(Ok(settings(false, true, OsVerification::Ready)));
        view(&Known { host, trial, ..Known::default() })[4].clone()
    };
    assert_eq!(shown(Trial::Open).act, Some(Act::Try));
    assert_eq!(shown(Trial::Running).act, None);
    assert_eq!(shown(Trial::Ended).act, Some(Act::Try));
    assert_eq!(shown(Trial::Failed).state, State::Wrong);
    let works = |removed| shown(Trial::Works { removed }).said.unwrap();
    assert_eq!(works(true).what, plain("welcomeTrialWorks"));
    assert_eq!(works(true).remedy, Some(plain("welcomeTrialRemoved")));
    assert_eq!(works(false).remedy, Some(plain("welcomeTrialLeft")));
}

#[test]
fn every_word_of_the_page_is_there() {
    let messages: serde_json::Map<String, Value> =
        serde_json::from_str(include_str!("../../../../extension/_locales/en/messages.json")).unwrap();
    let states = [State::Asking, State::Todo, State::Done, State::Wrong];
    let mut keys: Vec<&str> = states.into_iter().filter_map(State::words).map(|words| words.key).collect();
    let trials = [Trial::Open, Trial::Running, Trial::Ended, Trial::Failed, Trial::Works { removed: true }];
    for trial in trials.into_iter().chain([Trial::Works { removed: false }]) {
        let ready = [settings(true, false, OsVerification::Ready), settings(true, true, OsVerification::Ready)];
        let hosts = ready.map(|settings| Some(Ok(settings))).into_iter().chain([problem(HOST_MISSING)]);
        for step in hosts.flat_map(|host| view(&Known { host, trial, ..Known::default() })) {
            keys.extend(
                step.said
                    .iter()
                    .flat_map(|said| [Some(said.what.key), said.remedy.as_ref().map(|it| it.key)])
                    .flatten(),
            );
        }
    }
    for key in keys {
        assert!(messages.contains_key(key), "{key}");
    }
}
