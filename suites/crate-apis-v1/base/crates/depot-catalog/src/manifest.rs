//! Package manifests.

use std::collections::BTreeMap;

use semver::{Version, VersionReq};
use serde::Deserialize;

use crate::capacity::Capacity;
use crate::error::Result;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Manifest {
    pub name: String,
    pub version: Version,
    pub display_name: Option<String>,
    #[serde(default = "published")]
    pub publish: bool,
    #[serde(default)]
    pub min_capacity: Capacity,
    #[serde(default)]
    pub dependencies: BTreeMap<String, Dependency>,
}

fn published() -> bool {
    true
}

/// `"1.2"`, `{ inherited = true }` or a table with the details.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Dependency {
    Plain(VersionReq),
    Inherited(Inherited),
    Detailed(Detailed),
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Inherited {
    pub inherited: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Detailed {
    pub version: Option<VersionReq>,
    pub path: Option<String>,
    #[serde(default)]
    pub optional: bool,
}

impl Manifest {
    pub fn parse(text: &str) -> Result<Self> {
        Ok(toml::from_str(text)?)
    }

    /// The names of the dependencies whose requirement comes from the workspace.
    pub fn inherited(&self) -> Vec<&str> {
        self.dependencies
            .iter()
            .filter(|(_, dependency)| {
                matches!(dependency, Dependency::Inherited(inherited) if inherited.inherited)
            })
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
name = "rack"
version = "1.4.0"
display-name = "Rack"
min-capacity = "4KiB"

[dependencies]
beam = "1.2"
bolt = { inherited = true }
panel = { path = "../panel", optional = true }
"#;

    #[test]
    fn reads_a_manifest() {
        let manifest = Manifest::parse(TEXT).unwrap();
        assert_eq!(manifest.version, Version::new(1, 4, 0));
        assert_eq!(manifest.display_name.as_deref(), Some("Rack"));
        assert_eq!(manifest.min_capacity, Capacity(4096));
    }

    #[test]
    fn publishes_unless_told_otherwise() {
        assert!(Manifest::parse(TEXT).unwrap().publish);
        let private = "name = \"a\"\nversion = \"0.1.0\"\npublish = false\n";
        assert!(!Manifest::parse(private).unwrap().publish);
    }

    #[test]
    fn tells_dependencies_apart() {
        let manifest = Manifest::parse(TEXT).unwrap();
        assert_eq!(manifest.inherited(), ["bolt"]);
        assert!(matches!(
            manifest.dependencies["beam"],
            Dependency::Plain(_)
        ));
        let Dependency::Detailed(panel) = &manifest.dependencies["panel"] else {
            panic!("panel has details");
        };
        assert!(panel.optional && panel.version.is_none());
    }

    #[test]
    fn refuses_unknown_keys() {
        assert!(Manifest::parse("name = \"a\"\nversion = \"0.1.0\"\nnmae = 1\n").is_err());
    }
}
