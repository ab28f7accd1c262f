//! Choosing between versions.

use semver::{BuildMetadata, Comparator, Op, Prerelease, Version, VersionReq};

use crate::error::Result;

/// The newest version that the requirement allows.
pub fn newest<'a>(requirement: &VersionReq, versions: &'a [Version]) -> Option<&'a Version> {
    versions
        .iter()
        .filter(|version| requirement.matches(version))
        .max()
}

/// A requirement that allows this version and no other.
pub fn pin(version: &Version) -> VersionReq {
    VersionReq {
        comparators: vec![Comparator {
            op: Op::Exact,
            major: version.major,
            minor: Some(version.minor),
            patch: Some(version.patch),
            pre: version.pre.clone(),
        }],
    }
}

/// The `round`th candidate of the next minor release: `1.2.3` gives `1.3.0-rc.1`.
pub fn candidate(current: &Version, round: u32) -> Result<Version> {
    Ok(Version {
        major: current.major,
        minor: current.minor + 1,
        patch: 0,
        pre: Prerelease::new(&format!("rc.{round}"))?,
        build: BuildMetadata::EMPTY,
    })
}

/// Whether the version is a finished release.
pub fn is_stable(version: &Version) -> bool {
    version.major > 0 && version.pre.is_empty()
}

/// Whether two versions are the same release; who built it doesn't matter.
pub fn same_release(left: &Version, right: &Version) -> bool {
    left.cmp_precedence(right).is_eq()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn picks_the_newest() {
        let versions = [v("1.2.0"), v("1.10.1"), v("1.9.0"), v("2.0.0-rc.1")];
        let any = VersionReq::parse(">=1.0").unwrap();
        assert_eq!(newest(&any, &versions), Some(&v("1.10.1")));
        assert_eq!(newest(&VersionReq::parse("3").unwrap(), &versions), None);
    }

    #[test]
    fn pins_one_version() {
        let only = pin(&v("1.2.3"));
        assert!(only.matches(&v("1.2.3")));
        assert!(!only.matches(&v("1.2.4")));
        assert!(!only.matches(&v("1.3.0")));
    }

    #[test]
    fn names_candidates() {
        let next = candidate(&v("1.2.3"), 1).unwrap();
        assert_eq!(next.to_string(), "1.3.0-rc.1");
        assert!(next < v("1.3.0"));
        assert!(!is_stable(&next) && is_stable(&v("1.3.0")) && !is_stable(&v("0.9.0")));
    }

    #[test]
    fn ignores_who_built_it() {
        assert!(same_release(&v("1.0.0+site.a"), &v("1.0.0+site.b")));
        assert!(!same_release(&v("1.0.0-rc.1"), &v("1.0.0")));
    }
}
