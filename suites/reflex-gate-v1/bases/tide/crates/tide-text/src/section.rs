//! Settings in sections, one of which may build on another: `[pier : coast]`.

use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Section {
    parent: Option<String>,
    settings: BTreeMap<String, String>,
}

/// Settings by section. Those in front of the first section are everybody's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    common: BTreeMap<String, String>,
    sections: BTreeMap<String, Section>,
}

/// What is wrong, and the line that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub what: FaultKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    NoSetting,
    BadHeader,
    TwiceInSection(String),
    SectionTwice(String),
    UnknownParent(String),
}

impl Settings {
    /// Reads lines `key = value`; a line that ends in a backslash goes on in the next one. All faults are told.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        let mut settings = Settings::default();
        let mut faults = Vec::new();
        let mut current: Option<String> = None;
        for (line, content) in joined_lines(text) {
            let content = content.trim();
            if content.is_empty() || content.starts_with(['#', ';']) {
                continue;
            }
            let outcome = match content.strip_prefix('[') {
                Some(header) => settings.open(header).map(|name| current = Some(name)),
                None => settings.set(current.as_deref(), content),
            };
            if let Err(what) = outcome {
                faults.push(Fault { line, what });
            }
        }
        if faults.is_empty() {
            Ok(settings)
        } else {
            Err(faults)
        }
    }

    fn open(&mut self, header: &str) -> Result<String, FaultKind> {
        let inside = header.strip_suffix(']').ok_or(FaultKind::BadHeader)?;
        let (name, parent) = match inside.split_once(':') {
            Some((name, parent)) => (name.trim(), Some(parent.trim())),
            None => (inside.trim(), None),
        };
        if name.is_empty() {
            return Err(FaultKind::BadHeader);
        }
        if self.sections.contains_key(name) {
            return Err(FaultKind::SectionTwice(name.to_owned()));
        }
        // A parent stands in front of its children, so that there can be no circle.
        if let Some(unknown) = parent.filter(|parent| !self.sections.contains_key(*parent)) {
            return Err(FaultKind::UnknownParent(unknown.to_owned()));
        }
        let section = Section { parent: parent.map(str::to_owned), settings: BTreeMap::new() };
        self.sections.insert(name.to_owned(), section);
        Ok(name.to_owned())
    }

    fn set(&mut self, section: Option<&str>, content: &str) -> Result<(), FaultKind> {
        let (key, value) = content.split_once('=').ok_or(FaultKind::NoSetting)?;
        let (key, value) = (key.trim(), value.trim());
        if key.is_empty() {
            return Err(FaultKind::NoSetting);
        }
        let settings = match section.and_then(|name| self.sections.get_mut(name)) {
            Some(section) => &mut section.settings,
            None => &mut self.common,
        };
        match settings.insert(key.to_owned(), value.to_owned()) {
            Some(_) => Err(FaultKind::TwiceInSection(key.to_owned())),
            None => Ok(()),
        }
    }

    /// The section's own setting, else its parents', else everybody's. Nothing for a section that is not there.
    pub fn get(&self, section: &str, key: &str) -> Option<&str> {
        let mut at = self.sections.get(section)?;
        loop {
            if let Some(value) = at.settings.get(key) {
                return Some(value);
            }
            match &at.parent {
                Some(parent) => at = self.sections.get(parent)?,
                None => return self.common.get(key).map(String::as_str),
            }
        }
    }

    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    /// How many sections a section builds on.
    pub fn depth(&self, section: &str) -> Option<usize> {
        let own = self.sections.get(section)?;
        Some(own.parent.as_deref().and_then(|parent| self.depth(parent)).map_or(0, |above| above + 1))
    }
}

/// Lines with those that go on in the next one joined, and the number of each one's first line.
fn joined_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (index, line) in text.lines().enumerate() {
        let (content, more) = match line.strip_suffix('\\') {
            Some(content) => (content, true),
            None => (line, false),
        };
        match lines.last_mut() {
            Some((_, last)) if goes_on => last.push_str(content.trim_start()),
            _ => lines.push((index + 1, content.to_owned())),
        }
        goes_on = more;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const COAST: &str = "
        zone = utc
        [coast]
        datum = NN   # not a comment
        period = 10m
        ; a comment
        [pier: coast]
        period=1m
        note = one \\
            two
        [inner : pier]
    ";

    #[test]
    fn looks_upwards() {
        let settings = Settings::parse(COAST).unwrap();
        assert_eq!(settings.get("pier", "period"), Some("1m"));
        assert_eq!(settings.get("inner", "period"), Some("1m"));
        assert_eq!(settings.get("coast", "period"), Some("10m"));
        assert_eq!(settings.get("inner", "zone"), Some("utc"));
        assert_eq!(settings.get("inner", "datum"), Some("NN   # not a comment"));
        assert_eq!((settings.get("inner", "x"), settings.get("none", "zone")), (None, None));
    }

    #[test]
    fn joins_lines() {
        let settings = Settings::parse(COAST).unwrap();
        assert_eq!(settings.get("pier", "note"), Some("one two"));
        assert_eq!(settings.sections().collect::<Vec<_>>(), ["coast", "inner", "pier"]);
        assert_eq!(
            ["coast", "pier", "inner", "none"].map(|s| settings.depth(s)),
            [Some(0), Some(1), Some(2), None]
        );
    }

    #[test]
    fn tells_all_faults() {
        let faults = Settings::parse("a\n= 1\n[x\n[]\n[x:y]\n[x]\nb=1\\\n2\nb=3\n[x]").unwrap_err();
        let told: Vec<_> = faults.into_iter().map(|fault| (fault.line, fault.what)).collect();
        let expected = [
            (1, FaultKind::NoSetting),
            (2, FaultKind::NoSetting),
            (3, FaultKind::BadHeader),
            (4, FaultKind::BadHeader),
            (5, FaultKind::UnknownParent("y".into())),
            (9, FaultKind::TwiceInSection("b".into())),
            (10, FaultKind::SectionTwice("x".into())),
        ];
        assert_eq!(told, expected);
    }
}
