//! The rules that the code keeps about itself: import directions as ARCHITECTURE draws them, sizes, and words that must not appear.

use std::fs;
use std::path::{Path, PathBuf};

/// Rows from the bottom up: a module may use those of lower rows, and the crate `protocol`.
const NATIVE_HOST: &[&[&str]] = &[
    &["credential", "install", "keychain", "verification"],
    &["vault"],
    &["authenticator", "doctor", "manage", "sync"],
    &["native_messaging"],
    &["cli"],
    &["main"],
];
const WASM: &[&[&str]] = &[&["client"], &["admission", "presentation"], &["browser", "screens"]];

/// The folders of the packages that ship.
const PACKAGES: [&str; 5] = ["protocol", "wasm", "native-host", "native-host/secret", "native-host/sync-engine"];

#[test]
fn imports_go_downward_only() {
    let crates = [("native-host", "keystow", NATIVE_HOST), ("wasm", "wasm", WASM)];
    let breaches: Vec<_> = crates.iter().flat_map(|(folder, name, rows)| upward_imports(folder, name, rows)).collect();
    assert!(breaches.is_empty(), "imports that go upward or sideways:\n{}", breaches.join("\n"));
}

#[test]
fn protocol_imports_no_one_and_the_two_ends_never_meet() {
    for (folder, foreign) in [
        ("protocol", &["keystow", "wasm", "secret", "sync-engine"][..]),
        ("wasm", &["keystow", "secret", "sync-engine"]),
        ("native-host/secret", &["protocol", "keystow", "sync-engine", "wasm"]),
        ("native-host/sync-engine", &["keystow", "wasm", "opendal", "rusqlite", "tokio"]),
        ("native-host", &["wasm"]),
    ] {
        let manifest = read(&root().join(folder).join("Cargo.toml"));
        for name in foreign {
            let dependency = manifest
                .lines()
                .any(|line| line.starts_with(&format!("{name}.")) || line.starts_with(&format!("{name} =")));
            assert!(!dependency, "{folder} depends on {name}");
        }
    }
}

#[test]
fn every_module_has_its_row() {
    for (folder, rows) in [("native-host", NATIVE_HOST), ("wasm", WASM)] {
        for file in product_files(folder) {
            let module = module_of(&file, folder);
            assert!(
                module == "lib" || row_of(&module, rows).is_some(),
                "{folder}: module {module} has no row in the picture"
            );
        }
    }
}

#[test]
fn files_stay_under_300_lines() {
    let long: Vec<_> = all_product_files()
        .into_iter()
        .filter_map(|file| Some((read(&file).lines().count(), file)).filter(|(lines, _)| *lines > 300))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn functions_stay_under_60_lines() {
    let long: Vec<_> = all_product_files().iter().flat_map(|file| long_functions(file)).collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn a_panic_gives_its_reason_on_the_line() {
    let panics = [".unwrap()", ".expect(", "panic!(", "unreachable!("];
    let silent = offending_lines(|line| panics.iter().any(|word| line.contains(word)) && !line.contains("// safe: "));
    assert!(silent.is_empty(), "say why it cannot happen (`// safe: ...`):\n{}", silent.join("\n"));
}

#[test]
fn nothing_is_left_for_later() {
    let words = [["TO", "DO"], ["FIX", "ME"], ["#[", "ignore"]].map(|halves| halves.concat());
    let marks = |line: &str| words.iter().any(|word| line.contains(word));
    let left: Vec<_> =
        everything(&["rs", "js", "sh", "html", "css"]).iter().flat_map(|file| lines_where(file, &marks)).collect();
    assert!(left.is_empty(), "{}", left.join("\n"));
}

#[test]
fn the_page_script_is_small_and_knows_no_extension_api() {
    let page = read(&root().join("extension/page.js"));
    assert!(page.len() < 19 * 1024, "page.js has {} bytes", page.len());
    for word in ["chrome", "browser"] {
        assert!(!page.contains(word), "page.js names {word}");
    }
}

/// One a world: `background.js`, `page.js` in the page, `screen.js` for our own pages. What must be in a page and out of the page's reach is
/// in five parts: `content.js`, the pipe; `frame.js`, what only the frame knows; `surface.js`, how anything is drawn into a page; and
/// what is drawn, `invitation.js` and `notice.js`.
#[test]
fn javascript_is_eight_files() {
    let mut names: Vec<_> = fs::read_dir(root().join("extension"))
        .expect("the extension's folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".js"))
        .collect();
    names.sort();
    let expected = "background.js content.js frame.js invitation.js notice.js page.js screen.js surface.js";
    assert_eq!(names.join(" "), expected);
}

/// Deviations from L3 are told at their line, and listed in ARCHITECTURE.md, as many here as there.
#[test]
fn deviations_are_listed() {
    let told = offending_lines(|line| line.contains("deviates"));
    let architecture = read(&root().join("ARCHITECTURE.md"));
    let listed = architecture.lines().skip_while(|line| !line.starts_with("## Deviations")).skip(1);
    let listed = listed.take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("- ")).count();
    assert_eq!(told.len(), listed, "ARCHITECTURE.md lists {listed}, the code tells:\n{}", told.join("\n"));
}

fn upward_imports(folder: &str, crate_name: &str, rows: &[&[&str]]) -> Vec<String> {
    let mut breaches = Vec::new();
    for file in product_files(folder) {
        let module = module_of(&file, folder);
        let Some(own) = row_of(&module, rows) else { continue };
        let text: String = read(&file).lines().map(code).collect::<Vec<_>>().join(" ");
        for used in used_modules(&text, crate_name) {
            if used != module && row_of(&used, rows).is_some_and(|other| other >= own) {
                breaches.push(format!("{} uses {used}", file.display()));
            }
        }
    }
    breaches
}

/// The modules that a file's code names, as `crate::x` or, in the binary, as `keystow::x`, braces included.
fn used_modules(code: &str, crate_name: &str) -> Vec<String> {
    let mut used = Vec::new();
    for prefix in ["crate::".to_owned(), format!("{crate_name}::")] {
        for (at, _) in code.match_indices(&prefix) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|character| character.is_alphanumeric() || character == '_' || character == ':') {
                continue;
            }
            let rest = &code[at + prefix.len()..];
            match rest.strip_prefix('{') {
                Some(list) => used.extend(first_words_of_list(list)),
                None => used.push(first_word(rest)),
            }
        }
    }
    used
}

/// The first word of each item of `a, b::{c, d}, e}`.
fn first_words_of_list(list: &str) -> Vec<String> {
    let (mut words, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                words.push(first_word(&list[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                words.push(first_word(&list[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    words
}

fn first_word(text: &str) -> String {
    text.trim_start().chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}

fn row_of(module: &str, rows: &[&[&str]]) -> Option<usize> {
    rows.iter().position(|row| row.contains(&module))
}

fn module_of(file: &Path, folder: &str) -> String {
    let inside = file.strip_prefix(root().join(folder).join("src")).expect("a source file");
    let first = inside.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

fn long_functions(file: &Path) -> Vec<String> {
    let text = read(file);
    let lines: Vec<_> = text.lines().collect();
    let mut long = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let is_function = code.split('(').next().is_some_and(|head| head.split_whitespace().any(|word| word == "fn"));
        if !is_function || line.ends_with(';') {
            continue; // a trait's method without a body is no function
        }
        let close = format!("{}}}", " ".repeat(indent));
        let length = lines[start..].iter().position(|line| **line == close).unwrap_or(0);
        if length > 60 {
            long.push(format!("{}:{}: {length} lines", file.display(), start + 1));
        }
    }
    long
}

fn offending_lines(offends: impl Fn(&str) -> bool) -> Vec<String> {
    all_product_files().iter().flat_map(|file| lines_where(file, &offends)).collect()
}

fn lines_where(file: &Path, offends: &impl Fn(&str) -> bool) -> Vec<String> {
    let text = read(file);
    let lines = text.lines().enumerate().filter(|(_, line)| offends(line));
    lines.map(|(at, line)| format!("{}:{}: {}", file.display(), at + 1, line.trim())).collect()
}

/// The line without its comment.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

fn all_product_files() -> Vec<PathBuf> {
    PACKAGES.iter().flat_map(|folder| product_files(folder)).collect()
}

/// Rust sources of a crate that ships, without its tests.
fn product_files(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(&root().join(folder).join("src"), &["rs"], &mut files);
    files.retain(|file| {
        !file.ends_with("tests.rs")
            && !file.ends_with("testing.rs")
            && !file.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "testing")
    });
    files
}

fn everything(extensions: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in ["protocol", "wasm", "native-host", "tests", "extension", "manifest"] {
        collect(&root().join(folder), extensions, &mut files);
    }
    files.push(root().join("build.sh"));
    files
}

fn collect(folder: &Path, extensions: &[&str], files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name != "node_modules" && name != "target" {
                collect(&path, extensions, files);
            }
        } else if path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted)) {
            files.push(path);
        }
    }
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

#[test]
fn the_rules_are_held_against_the_whole_product() {
    assert!(all_product_files().len() > 80, "{} files", all_product_files().len());
}

#[test]
fn the_import_reader_sees_every_form() {
    let code = "use crate::vault; use crate::{secret::{A, B}, manage, native_messaging::X}; keystow::cli::run(); other_crate::doctor()";
    let seen = ["vault", "secret", "manage", "native_messaging", "cli"];
    let mut used = used_modules(code, "keystow");
    used.sort();
    let mut expected = seen.map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(used, expected);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}
