//! The example for Litestream, as far as it can be looked at without Litestream.

use std::fs;
use std::path::Path;
use yaml_rust2::{Yaml, YamlLoader};

#[test]
fn it_replicates_the_state_and_nothing_else() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/litestream.yml");
    let documents = YamlLoader::load_from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let [config] = &documents[..] else {
        panic!("{documents:?}");
    };
    let [database] = &config["dbs"].as_vec().unwrap()[..] else {
        panic!("{config:?}");
    };
    // As STATE_DIR is where nobody says otherwise.
    assert_eq!(
        database["path"].as_str(),
        Some("/var/lib/rei-recovery/state.db")
    );
    let [replica] = &database["replicas"].as_vec().unwrap()[..] else {
        panic!("{database:?}");
    };
    assert_eq!(replica["type"].as_str(), Some("s3"));
    // Neither a backup nor a copy is looked for there.
    let path = replica["path"].as_str().unwrap();
    assert!(!path.ends_with('/') && !path.contains("db_") && path != "rei-recovery");
    // Names of Litestream 0.3's configuration; a misspelt one would be passed over silently.
    let known = [
        "type",
        "bucket",
        "path",
        "region",
        "endpoint",
        "sync-interval",
        "snapshot-interval",
        "retention",
    ];
    for name in replica.as_hash().unwrap().keys().filter_map(Yaml::as_str) {
        assert!(known.contains(&name), "{name}");
    }
}
