//! The user's home folder, shown as `~`: its name is as a rule the user's own, and what is found here is copied into bug reports.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use protocol::manage::Check;

/// Under which paths the home folder may appear.
pub(super) struct Home {
    paths: Vec<String>,
}

impl Home {
    pub(super) fn of_this_user() -> Self {
        let folder = directories::BaseDirs::new().map(|folders| folders.home_dir().to_owned());
        folder.map_or_else(|| Self { paths: Vec::new() }, |folder| Self::at(&folder))
    }

    /// The home in `folder`, which may be a link.
    pub(super) fn at(folder: &Path) -> Self {
        let paths = [folder.canonicalize().unwrap_or_default(), folder.to_owned()];
        // A root folder is nobody's name.
        let named = |path: &PathBuf| path.parent().is_some_and(|parent| parent != Path::new(""));
        let mut paths: Vec<String> =
            paths.iter().filter(|path| named(path)).map(|path| path.display().to_string()).collect();
        // The longer one may hold the shorter one.
        paths.sort_by_key(|path| std::cmp::Reverse(path.len()));
        Self { paths }
    }

    /// Puts `~` in the place of the home folder.
    pub(super) fn hide(&self, checks: &mut [Check]) {
        for check in checks {
            check.finding = self.hidden(&check.finding);
            check.details.iter_mut().for_each(|detail| *detail = self.hidden(detail));
            check.fix = check.fix.as_deref().map(|fix| self.hidden(fix));
        }
    }

    fn hidden(&self, text: &str) -> String {
        self.paths.iter().fold(text.to_owned(), |text, path| hide(&text, path))
    }
}

/// `/home/al` is in `/home/al/vault.db`, but not in `/home/alice`.
fn hide(text: &str, path: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(path) {
        let after = &rest[at + path.len()..];
        let ends = after.chars().next().is_none_or(|next| next == MAIN_SEPARATOR || !is_of_a_name(next));
        shown.push_str(&rest[..at]);
        shown.push_str(if ends { "~" } else { path });
        rest = after;
    }
    shown + rest
}

fn is_of_a_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_')
}

#[cfg(test)]
mod tests;
