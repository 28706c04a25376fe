//! A notice in a place of its own. The place is always there, so that a notice which comes later is read out.

use web_sys::Element;

use super::{dom, words};
use crate::presentation::view::{NoticeView, Tone};

/// Puts `notice` into `place`, or takes away what is there.
pub fn put(place: &Element, notice: Option<&NoticeView>) {
    place.set_text_content(None);
    place.set_class_name("notice");
    let Some(notice) = notice else { return };
    let template = match notice.tone {
        Tone::Problem => "notice-problem",
        Tone::Information => "notice-information",
    };
    if notice.tone == Tone::Problem {
        place.set_class_name("notice problem");
    }
    let copy = dom::copy_of(template);
    let said = dom::find(&copy, ".said");
    if let Some(what) = words::append_element(&said, "strong", "") {
        words::put(&what, &notice.what);
    }
    if let Some(verbatim) = &notice.verbatim
        && let Some(sentence) = words::append_element(&said, "bdi", verbatim)
    {
        dom::set_attribute(&sentence, "lang", "en");
    }
    if let Some(remedy) = &notice.remedy
        && let Some(line) = words::append_element(&said, "span", "")
    {
        words::put(&line, remedy);
    }
    dom::append(place, &copy);
}
