//! The ways in which a person may see a screen: brought about by the browser itself, as the system's settings would.

use serde_json::{Value, json};

use super::{Stage, root};
use crate::browser::{Error, Kind};

/// A way to see a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appearance {
    /// As it comes: light, in the size it chose.
    Light,
    /// The system's dark mode.
    Dark,
    /// The system's high contrast: all colours are its own.
    Forced,
    /// At 200 % zoom: half the room in each direction.
    Zoomed,
    /// As wide as the narrowest window that a page is to be read in without scrolling sideways.
    Narrow,
    /// As a language that is written from right to left lays it out.
    RightToLeft,
}

impl Appearance {
    /// Those that a browser can be brought to; the first is what a screen is brought back to. Firefox keeps the colours of extensions' pages,
    /// whatever its preferences say; only the system's own high contrast changes them.
    pub fn all(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Chromium => &[Self::Light, Self::Dark, Self::Zoomed, Self::Narrow, Self::RightToLeft, Self::Forced],
            Kind::Firefox => &[Self::Light, Self::Dark, Self::Zoomed, Self::Narrow, Self::RightToLeft],
        }
    }

    /// What is added to a picture's name.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Light => "",
            Self::Dark => "-dark",
            Self::Forced => "-forced",
            Self::Zoomed => "-zoomed",
            Self::Narrow => "-narrow",
            Self::RightToLeft => "-rtl",
        }
    }
}

impl Stage {
    /// Looks at the current window in every [`Appearance`]: pictures of it are kept as `dist/screens/<browser>-<name>….png`.
    ///
    /// # Errors
    /// axe-core finds anything at all in it.
    pub async fn looks_well(&self, name: &str) -> Result<(), Error> {
        let mut problems = Vec::new();
        for &appearance in Appearance::all(self.browser.kind()) {
            let name = format!("{name}{}", appearance.suffix());
            self.appear(appearance).await?;
            self.picture(&name).await?;
            problems.extend(self.is_accessible(&name).await.err().map(|problem| problem.to_string()));
            let wide = self.browser.execute(WIDE, vec![]).await?.json().clone();
            if wide != json!([]) {
                problems.push(format!("one has to scroll sideways in {name}: {wide}"));
            }
        }
        self.appear(Appearance::Light).await?;
        if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
    }

    /// Keeps a picture of the current window as `dist/screens/<browser>-<name>.png`.
    pub async fn picture(&self, name: &str) -> Result<(), Error> {
        let folder = root().join("dist/screens");
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(format!("{:?}-{name}.png", self.browser.kind()).to_lowercase());
        Ok(self.browser.screenshot(&file).await?)
    }

    /// What axe-core has to say of the current window: nothing.
    async fn is_accessible(&self, name: &str) -> Result<(), Error> {
        let axe = root().join("tests/npm/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(axe).map_err(|_| "axe-core is missing. Run: ./build.sh setup")?;
        self.browser.execute(axe.as_str(), vec![]).await?;
        let found = self.browser.execute_async(AXE, vec![]).await?.json().clone();
        match found.as_array().map(Vec::as_slice) {
            Some([]) => Ok(()),
            _ => Err(format!("axe-core finds in the window {name}: {found}").into()),
        }
    }

    /// Lets the current window be seen in this way from now on.
    pub async fn appear(&self, appearance: Appearance) -> Result<(), Error> {
        let direction = if appearance == Appearance::RightToLeft { "rtl" } else { "" };
        self.browser.execute("document.documentElement.dir = arguments[0]", vec![json!(direction)]).await?;
        match self.browser.kind() {
            Kind::Chromium => self.appear_in_chromium(appearance).await,
            Kind::Firefox => self.appear_in_firefox(appearance).await,
        }
    }

    async fn appear_in_chromium(&self, appearance: Appearance) -> Result<(), Error> {
        let scheme = if appearance == Appearance::Dark { "dark" } else { "light" };
        let forced = if appearance == Appearance::Forced { "active" } else { "none" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme }, { "name": "forced-colors", "value": forced },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        // Of what it is as it comes.
        self.cdp("Emulation.clearDeviceMetricsOverride", json!({})).await?;
        let size = self.browser.execute("return [innerWidth, innerHeight]", vec![]).await?;
        let size = |index: usize| size.json()[index].as_u64().unwrap_or_default();
        let (width, height, scale) = match appearance {
            Appearance::Zoomed => (size(0) / 2, size(1) / 2, 2),
            Appearance::Narrow => (NARROW, size(1), 1),
            Appearance::Light | Appearance::Dark | Appearance::Forced | Appearance::RightToLeft => return Ok(()),
        };
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await.map(|_| ())
    }

    async fn appear_in_firefox(&self, appearance: Appearance) -> Result<(), Error> {
        let url = self.browser.current_url().await?;
        let scheme = if appearance == Appearance::Dark { DARK } else { LIGHT };
        let zoom = if appearance == Appearance::Zoomed { 2 } else { 1 };
        let width = if appearance == Appearance::Narrow { format!("{NARROW}px") } else { String::new() };
        let arguments = vec![json!(url.as_str()), json!(scheme), json!(zoom), json!(width)];
        let problem = self.browser.in_chrome(FIREFOX, arguments).await?;
        if problem == Value::Null { Ok(()) } else { Err(format!("Firefox shows no {appearance:?}: {problem}").into()) }
    }
}

/// `layout.css.prefers-color-scheme.content-override`.
const DARK: u8 = 0;
const LIGHT: u8 = 1;

/// CSS pixels.
const NARROW: u64 = 360;

const FIREFOX: &str = "
    const [url, scheme, zoom, width, done] = arguments;
    Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', scheme);
    const all = [...Services.wm.getEnumerator('navigator:browser')].flatMap(({ gBrowser }) => [...gBrowser.browsers]);
    const shown = all.filter(({ currentURI }) => currentURI.spec === url);
    for (const browser of shown) Object.assign(browser, { fullZoom: zoom }).style.maxWidth = width;
    setTimeout(() => done(shown.length ? null : `no tab shows ${url}`), 150);";

/// Gives what is wider than it has room for, where that makes a person scroll.
const WIDE: &str = "
    const scrolls = (element) => element === document.documentElement || getComputedStyle(element).overflowX === 'auto';
    const isWide = (element) => scrolls(element) && element.scrollWidth > element.clientWidth;
    return [...document.querySelectorAll('*')].filter(isWide).map(({ localName, id }) => `${localName}#${id}`)";

/// Gives each violation of a rule as one line: rule, impact, elements. In high contrast the colours are the system's, and axe-core reads
/// those that it has put its own in the place of.
const AXE: &str = "
    const [done] = arguments;
    const line = ({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map(({ target }) => target).join(', ')}`;
    const isForced = matchMedia('(forced-colors: active)').matches;
    axe.run({ rules: { 'color-contrast': { enabled: !isForced } } }).then(({ violations }) => done(violations.map(line)), (error) => done([String(error)]));";
