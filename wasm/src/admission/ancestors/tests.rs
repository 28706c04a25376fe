use super::*;

fn frame(id: &str, parent: Option<&str>, url: &str) -> Frame {
    Frame {
        document_id: Some(id.to_owned()),
        parent_document_id: parent.map(str::to_owned),
        parent_frame_id: if parent.is_some() { 0 } else { -1 },
        frame_type: None,
        url: url.to_owned(),
    }
}

fn origin(text: &str) -> Origin {
    Origin::from_sender(text).unwrap()
}

fn ancestors(frames: &[Frame]) -> Ancestors {
    // What the document's process says counts only where the browser lists no such document.
    ancestors_of("asking", &origin("https://a.example"), frames, &["https://c.example".to_owned()])
}

fn cross_origin(top: &str) -> Ancestors {
    Ancestors::CrossOrigin { top: Some(origin(top)) }
}

const UNKNOWN: Ancestors = Ancestors::CrossOrigin { top: None };

#[test]
fn a_top_level_document_has_no_ancestor_to_differ_from() {
    assert_eq!(ancestors(&[frame("asking", None, "https://a.example/login")]), Ancestors::SameOrigin);
}

#[test]
fn of_a_document_that_the_browser_does_not_list_its_own_process_tells() {
    let told = |above: &[&str]| {
        let above: Vec<_> = above.iter().map(|origin| (*origin).to_owned()).collect();
        ancestors_of("asking", &origin("https://a.example"), &[frame("top", None, "https://a.example/")], &above)
    };
    assert_eq!(told(&["https://a.example", "https://a.example"]), Ancestors::SameOrigin);
    assert_eq!(told(&["https://a.example", "https://b.example"]), cross_origin("https://b.example"));
    assert_eq!(told(&["https://b.example", "https://a.example"]), cross_origin("https://a.example"));
    assert_eq!(told(&["https://a.example", "null"]), UNKNOWN);
    assert_eq!(told(&[]), UNKNOWN);
}

#[test]
fn same_origin_frames_nest_to_any_depth_through_about_documents() {
    let frames = [
        frame("top", None, "https://user@a.example/?q=/x"),
        frame("srcdoc", Some("top"), "about:srcdoc"),
        frame("blank", Some("srcdoc"), "about:blank#x"),
        frame("asking", Some("blank"), "https://a.example/"),
    ];
    assert_eq!(ancestors(&frames), Ancestors::SameOrigin);
}

#[test]
fn one_foreign_ancestor_anywhere_makes_it_cross_origin() {
    let foreign_top = [frame("top", None, "https://b.example/"), frame("asking", Some("top"), "https://a.example/")];
    assert_eq!(ancestors(&foreign_top), cross_origin("https://b.example"));
    let foreign_between = [
        frame("top", None, "https://a.example/"),
        frame("between", Some("top"), "https://b.example/"),
        frame("asking", Some("between"), "https://a.example/"),
    ];
    assert_eq!(ancestors(&foreign_between), cross_origin("https://a.example"));
}

#[test]
fn scheme_and_port_are_part_of_the_origin() {
    for top in ["http://a.example/", "https://a.example:8443/", "https://a.example.b.example/"] {
        let frames = [frame("top", None, top), frame("asking", Some("top"), "https://a.example/")];
        assert_ne!(ancestors(&frames), Ancestors::SameOrigin, "{top}");
    }
}

#[test]
fn about_documents_of_a_foreign_parent_are_foreign() {
    let frames = [
        frame("top", None, "https://b.example/"),
        frame("srcdoc", Some("top"), "about:srcdoc"),
        frame("asking", Some("srcdoc"), "https://a.example/"),
    ];
    assert_eq!(ancestors(&frames), cross_origin("https://b.example"));
}

#[test]
fn addresses_that_show_no_origin_are_foreign() {
    for url in ["data:text/html,x", "blob:https://a.example/1", "about:blank", "file:///etc/passwd", "", "https:"] {
        let frames = [frame("top", None, url), frame("asking", Some("top"), "https://a.example/")];
        assert_eq!(ancestors(&frames), UNKNOWN, "{url}");
    }
}

#[test]
fn a_missing_document_or_link_is_unknown() {
    assert_eq!(ancestors_of("asking", &origin("https://a.example"), &[], &[]), UNKNOWN);
    assert_eq!(ancestors(&[frame("asking", Some("omitted"), "https://a.example/")]), UNKNOWN);
    let mut unlinked = frame("asking", Some("top"), "https://a.example/");
    unlinked.parent_document_id = None;
    assert_eq!(ancestors(&[frame("top", None, "https://a.example/"), unlinked]), UNKNOWN);
}

#[test]
fn documents_that_embed_each_other_end_the_walk() {
    let frames =
        [frame("asking", Some("other"), "https://a.example/"), frame("other", Some("asking"), "https://a.example/")];
    assert_eq!(ancestors(&frames), UNKNOWN);
}

#[test]
fn what_is_around_a_fenced_frame_is_unknown() {
    let fenced = |url, parent| Frame { frame_type: Some("fenced_frame".to_owned()), ..frame("fenced", parent, url) };
    let top = frame("top", None, "https://a.example/");
    let asking = frame("asking", Some("fenced"), "https://a.example/");
    for parent in [None, Some("top")] {
        assert_eq!(ancestors(&[top.clone(), fenced("https://a.example/", parent), asking.clone()]), UNKNOWN);
    }
    let itself = Frame { document_id: Some("asking".to_owned()), ..fenced("https://a.example/", None) };
    assert_eq!(ancestors(&[itself]), UNKNOWN);
}
