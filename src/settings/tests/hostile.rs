//! Claims about text that nobody meant: it is read or refused, never a panic, and never loses a letter.

use proptest::prelude::*;

use crate::secret::masked_url;
use crate::settings::base_url::BaseUrl;
use crate::settings::config::ConfigFile;
use crate::settings::env::Env;
use crate::settings::model::ModelUri;
use crate::settings::rewrite::{RewriteRule, rewrite};
use crate::settings::{Origin, server};
use crate::url::Url;

proptest! {
    #[test]
    fn any_model_is_whole_or_refused(text in "[a-z]{0,3}:?\\PC{0,12}(\\?\\PC{0,20})?") {
        if let Ok(uri) = ModelUri::parse(&text, &Origin::Uri, |name| name.len() == 2) {
            let provider = uri.provider.map_or(String::new(), |provider| format!("{provider}:"));
            let name = text.split('?').next().unwrap_or_default();
            prop_assert_eq!(format!("{provider}{}", uri.model), name);
        }
    }

    #[test]
    fn any_parameter_is_read_or_refused(name in "(seed|temperature|verbosity|\\PC{0,5})", value in "\\PC{0,12}") {
        let text = format!("m?{name}={value}");
        if let Ok(uri) = ModelUri::parse(&text, &Origin::Uri, |_| false) {
            prop_assert!(!uri.given.is_empty());
        }
    }

    #[test]
    fn any_url_that_is_taken_has_a_host(text in "(https?://)?\\PC{0,30}") {
        if let Ok(base) = BaseUrl::parse(&text, Origin::BuiltIn) {
            prop_assert!(!Url::split(&base.url.value).host.is_empty());
            prop_assert!(!base.url.value.ends_with('/') || base.url.value.contains('?'));
        }
        masked_url(&text);
    }

    #[test]
    fn any_config_file_is_read_or_refused_with_its_place(
        text in "((provider|model|timeout|\\[options\\]|\\[provider\\.a\\]|api_key|\\PC{0,6})[ =\"']{0,4}\\PC{0,8}\n){0,6}",
    ) {
        if let Err(failure) = ConfigFile::parse(&text, "c.toml") {
            prop_assert!(failure.line().contains("c.toml:"), "{}", failure.line());
        }
    }

    #[test]
    fn any_rule_is_applied_or_refused(pattern in "\\PC{0,12}", replacement in "\\PC{0,8}", name in "\\PC{1,12}") {
        let _ = rewrite(&name, &[RewriteRule { pattern, replacement, origin: Origin::BuiltIn }]);
    }

    #[test]
    fn any_ollama_host_leaves_four_servers(text in "\\PC{0,20}") {
        prop_assert_eq!(server::local_servers(&Env::from([("OLLAMA_HOST", text.as_str())])).len(), 4);
    }
}
