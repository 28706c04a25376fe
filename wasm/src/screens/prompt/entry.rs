//! What the user entered, as an approval.

use protocol::webauthn::CredentialId;
use web_sys::HtmlInputElement;

use crate::client::prompt::{Approval, Kind, Pin, Question};
use crate::presentation::pin_entry::check;
use crate::presentation::view::{PinFields, View, Words};
use crate::screens::dom;
use crate::screens::pin::typed;

/// Reads the screen. The fields for a PIN are empty afterwards.
///
/// # Errors
/// What to say about a slip, and the field to go back to.
pub fn read(question: &Question, view: &View) -> Result<Approval, (Words, &'static str)> {
    let (field, repeat) = match view.pin {
        PinFields::None => (None, None),
        PinFields::Enter { .. } => (Some("pin"), None),
        PinFields::Choose { .. } => (Some("pin-new"), Some("pin-repeat")),
    };
    let (mut entered, repeated) = (typed(field), typed(repeat));
    if let Kind::Get { accounts } = &question.kind
        && accounts.len() > 1
        && chosen(&question.kind).is_none()
    {
        return Err((Words { key: "accountsFoundNone", argument: None }, "search"));
    }
    check(view.pin, &entered, &repeated).map_err(|slip| (slip.words(), slip.field(view.pin)))?;
    for field in [field, repeat].into_iter().flatten() {
        if let Some(input) = dom::input(field) {
            input.set_value("");
        }
    }
    let mut approval = Approval { credential_id: credential_id(&question.kind), ..Approval::default() };
    match view.pin {
        PinFields::None => {}
        PinFields::Enter { .. } => approval.pin = Some(Pin::from(std::mem::take(&mut *entered))),
        PinFields::Choose { .. } => approval.new_pin = Some(Pin::from(std::mem::take(&mut *entered))),
    }
    Ok(approval)
}

/// Which account's radio button is on; the only one's where there is no choice.
pub fn chosen(kind: &Kind) -> Option<usize> {
    let Kind::Get { accounts } = kind else {
        return None;
    };
    let is_on = |index: &usize| radio(*index).is_some_and(|radio| radio.checked());
    if accounts.len() == 1 { Some(0) } else { (0..accounts.len()).find(is_on) }
}

/// Puts the radio button of the account `index` on, if there is one.
pub fn choose(index: usize) {
    if let Some(radio) = radio(index) {
        radio.set_checked(true);
    }
}

fn credential_id(kind: &Kind) -> Option<CredentialId> {
    let Kind::Get { accounts } = kind else {
        return None;
    };
    accounts.get(chosen(kind)?).map(|account| account.credential_id.clone())
}

/// The radio button of the account `index`, if there is one.
pub fn radio(index: usize) -> Option<HtmlInputElement> {
    dom::input(&format!("account-{index}"))
}
