//! What the window does beside asking: searching, leaving a site alone, telling of a second way in; and that a screen reader can work it.

use http::Method;
use tests::browser::Error;
use tests::judge::{Judge, Policy, Script};
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;
use thirtyfour::{By, Key, WebElement};

use super::steps::{credential, ensure, is_ours, register, signed_in, window_says};

const NAMES: [&str; 6] = ["ada", "grace", "joan", "hedy", "radia", "frances"];

pub async fn a_long_list_is_searched_and_what_is_out_of_sight_is_not_chosen(
    stage: &Stage,
    host: &str,
) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    for user in NAMES {
        register(stage, &mut judge, user).await?;
    }
    let options = judge.sign_in_options(Policy::new("nobody", "discouraged")).await?;
    stage.begin("get", &options).await?;
    let window = stage.window("long-list").await?;
    let search = stage.browser.find(By::Id("search")).await?;
    search.send_keys("ra").await?;
    window_says(&window, "3 accounts match.").await?;
    search.send_keys("di").await?;
    window_says(&window, "One account matches.").await?;
    ensure(shown(stage).await? == ["radia"], "others are shown than were searched for")?;
    stage.look(&window, "long-list-searched").await?;
    search.send_keys("x").await?;
    window_says(&window, "No account matches.").await?;
    // Nothing is in sight, so nothing is chosen, and consent leads nowhere.
    super::steps::consent(stage).await?;
    stage.look(&window, "long-list-nothing").await?;
    ensure(
        stage.browser.find_all(By::Css("input[type=radio]:checked")).await?.is_empty(),
        "one out of sight is chosen",
    )?;
    window_says(&window, "No account matches.").await?;
    // Escape empties the field and ends nothing; Enter goes on to the list.
    stage.browser.action_chain().send_keys(Key::Escape).perform().await?;
    ensure(shown(stage).await?.len() == NAMES.len(), "the list is not whole again")?;
    search.send_keys("hedy").await?;
    stage.browser.action_chain().send_keys(Key::Enter).perform().await?;
    let on = "return document.activeElement === document.querySelector('input[type=radio]:checked')";
    ensure(*stage.browser.execute(on, vec![]).await?.json() == true, "Enter has not gone on to the list")?;
    window.approve().await?;
    let accepted = signed_in(stage, &mut judge).await?;
    ensure(accepted.user == "hedy", format!("{} signed in", accepted.user))
}

async fn shown(stage: &Stage) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for card in stage.browser.find_all(By::Css("#people .card:not([hidden]) .name")).await? {
        names.push(card.text().await?);
    }
    Ok(names)
}

/// No id, no class, no position: what a screen reader reads is enough.
pub async fn by_roles_and_names_alone(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "required")).await?;
    stage.begin("create", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    named(stage, "heading", &format!("Create a passkey for {host}")).await?;
    named(stage, "group", "Account").await?;
    named(stage, SECRET, "Keystow PIN").await?.send_keys(super::steps::PIN).await?;
    pressed(stage, "Create passkey").await?;
    named(stage, "heading", &format!("Your passkey for {host} is ready")).await?;
    named(stage, "alert", "").await?;
    named(stage, "checkbox", "Don’t tell me again").await?;
    named(stage, "button", "Got it").await?.click().await?;
    drop(window);
    stage.window_closes().await?;
    judge.register(&credential(stage).await?).await??;
    register(stage, &mut judge, "grace").await?;
    let options = judge.sign_in_options(Policy::new("nobody", "required")).await?;
    stage.begin("get", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    named(stage, "heading", &format!("Sign in to {host}")).await?;
    named(stage, "group", "Choose an account").await?;
    named(stage, "radio", "ada").await?.click().await?;
    named(stage, "button", "Cancel").await?;
    named(stage, "button", "Use another device or security key").await?;
    named(stage, "button", "Always use the browser’s own for this site").await?;
    named(stage, SECRET, "Keystow PIN").await?.send_keys(super::steps::PIN).await?;
    pressed(stage, "Sign in").await?;
    drop(window);
    stage.window_closes().await?;
    let accepted = signed_in(stage, &mut judge).await?;
    ensure(accepted.user == "ada" && accepted.user_verified, format!("{accepted:?}"))
}

/// HTML gives fields for passwords no role (Chromium tells "textbox" all the same): what takes the keyboard under that name.
const SECRET: &str = "a field for a secret";

/// The element that the browser tells assistive technology to be of `role`, with a name that begins as given.
async fn named(stage: &Stage, role: &str, name: &str) -> Result<WebElement, Error> {
    let mut heard = Vec::new();
    for _ in 0..30 {
        heard.clear();
        for element in stage.browser.find_all(By::Css("body *")).await? {
            let told = |what: &str| {
                let path = format!("/element/{}/{what}", element.element_id());
                async move { stage.browser.command(Method::GET, &path, serde_json::Value::Null).await }
            };
            let (Ok(told_role), true) = (told("computedrole").await, element.is_displayed().await.unwrap_or(false))
            else {
                continue;
            };
            let told_role = told_role.as_str().unwrap_or_default().to_lowercase();
            let label = told("computedlabel").await?;
            let label = label.as_str().unwrap_or_default().trim();
            let fits = match role {
                SECRET => {
                    ["", "textbox"].contains(&&*told_role) && element.prop("tabIndex").await?.as_deref() == Some("0")
                }
                role => told_role == role,
            };
            if fits && label.starts_with(name) {
                return Ok(element);
            }
            if label.is_empty() {
                continue;
            }
            let label = format!("{told_role} {label}");
            heard.push(label.to_owned());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Err(format!("nothing is told to be a {role} named “{name}”, but: {heard:?}").into())
}

/// Presses the button of that name once it is not told to be disabled.
async fn pressed(stage: &Stage, name: &str) -> Result<(), Error> {
    for _ in 0..200 {
        let button = named(stage, "button", name).await?;
        if button.attr("aria-disabled").await?.as_deref() != Some("true") {
            return tests::prompt_window::unless_closed(button.click().await);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    Err(format!("the button “{name}” stays disabled").into())
}

pub async fn a_site_is_left_to_the_browser_for_good_and_taken_back(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada").await?;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("get", &options).await?;
    PromptWindow::appears(&stage.browser).await?.press("leave-site").await?;
    stage.outcome().await?;
    // From now on the browser makes passkeys here, without a window of ours; that outlives the background.
    stage.end_background().await?;
    let made = made_without_a_window(stage, host).await?;
    ensure(!is_ours(&made), "Keystow serves a site that was left to the browser")?;
    stage.open_beside("manager.html?popup").await?;
    stage.browser.execute("document.getElementById('this-site').open = true", vec![]).await?;
    let switch = stage.browser.find(By::Id("on-here")).await?;
    for _ in 0..100 {
        if switch.is_displayed().await? {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    ensure(!switch.is_selected().await?, "the toolbar does not show that the site was left")?;
    switch.click().await?;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "joan").await.map(|_| ())
}

async fn made_without_a_window(stage: &Stage, host: &str) -> Result<serde_json::Value, Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("grace", "discouraged")).await?;
    stage.begin("create", &options).await?;
    let made = credential(stage).await?;
    ensure(!stage.has_window().await?, "a window came up")?;
    Ok(made)
}

/// The page has its passkey before the user has read anything; one more of the same site tells nothing; and "Don't tell me again" holds.
pub async fn a_second_way_in_is_told_of_until_the_user_has_heard_enough(
    stage: &Stage,
    host: &str,
) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    made_and_advised(stage, &mut judge, "ada").await?;
    stage.looks_well("advice").await?;
    // The window of the next call takes its place.
    stage.back_to_the_page().await?;
    let options = judge.registration_options(Policy::new("grace", "discouraged")).await?;
    stage.begin("create", &options).await?;
    let (window, start) = (PromptWindow::appears(&stage.browser).await?, std::time::Instant::now());
    window_says(&window, &format!("Create a passkey for {host}")).await?;
    ensure(stage.browser.windows().await?.len() == 2, "two windows of Keystow are open")?;
    window.approve().await?;
    ensure(start.elapsed() < std::time::Duration::from_secs(10), "the window stayed")?;
    judge.register(&credential(stage).await?).await??;

    let other = format!("other.{host}");
    let mut judge = stage.visit(&other).await?;
    made_and_advised(stage, &mut judge, "ada").await?;
    stage.browser.find(By::Id("no-more-advice")).await?.click().await?;
    stage.browser.find(By::Id("got-it")).await?.click().await?;
    stage.window_closes().await?;
    let third = format!("third.{host}");
    let mut judge = stage.visit(&third).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    let told = window.approve_and_be_advised_or_closed().await?;
    ensure(!told, "the user is told again, who wanted to hear no more")?;
    stage.window_closes().await?;
    judge.register(&credential(stage).await?).await?.map(|_| ()).map_err(Into::into)
}

/// A passkey for `user`, the window telling of a second way in; the page has its answer meanwhile.
async fn made_and_advised(stage: &Stage, judge: &mut Script, user: &str) -> Result<(), Error> {
    let options = judge.registration_options(Policy::new(user, "discouraged")).await?;
    stage.begin("create", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    ensure(window.approve_and_be_advised_or_closed().await?, "the user is not told of a second way in")?;
    let handle = stage.browser.window().await?;
    stage.back_to_the_page().await?;
    judge.register(&credential(stage).await?).await??;
    Ok(stage.browser.switch_to_window(handle).await?)
}
