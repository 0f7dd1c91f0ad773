//! Honest archives: every byte arrives, nothing that stood there is lost.

use super::packing::{LIMITS, NAME, Packing, World};
use super::tree::{contents, tree};
use crate::restore::fixture::{Disk, limits, run, s3, settings, time};
use rei_recovery::adapters::s3::S3Place;
use rei_recovery::adapters::saved_files::LocalSavedFiles;
use rei_recovery::domain::install::Unpacked;
use rei_recovery::ports::backups::{BackupPlace, Work};
use rei_recovery::ports::install::SavedFiles;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::process::Command;
use std::sync::Arc;

#[tokio::test]
async fn everything_arrives_with_the_folders_owner() {
    let world = World::new();
    chown(world.path("home"), Some(1234), Some(2345)).unwrap();
    let deep = format!(
        "{}/{}.txt",
        ["d".repeat(60).as_str(); 4].join("/"),
        "n".repeat(120)
    );
    let packed = Packing::new()
        .folder("./", 0o700)
        .folder("scripts/", 0o750)
        .raw(
            tar::EntryType::Regular,
            b"scripts/run.sh",
            (b"", 0o775),
            b"#!/bin/sh\n",
        )
        .file("media/один.txt", "unicode")
        .link("scripts/latest", "run.sh")
        .hard_link("again.sh", "scripts/run.sh")
        .long(&deep, "deep")
        .file("twice", "first")
        .file("twice", "second")
        .gzip();
    let done = world.unpack(&packed).await.unwrap();
    assert_eq!((done.files, done.replaced), (6, 0));
    let found = tree(&world.path("home"));
    let told = |name: &str| {
        let (mode, uid, gid, content) = &found[name];
        assert_eq!((*uid, *gid), (1234, 2345), "{name}");
        (mode.as_str(), std::str::from_utf8(content).unwrap())
    };
    assert_eq!(told("scripts"), ("40750", ""));
    assert_eq!(told("scripts/run.sh"), ("100775", "#!/bin/sh\n"));
    assert_eq!(told("media"), ("40755", ""));
    assert_eq!(told("media/один.txt"), ("100644", "unicode"));
    assert_eq!(told("scripts/latest"), ("120777", "run.sh"));
    assert_eq!(told("again.sh"), ("100644", "#!/bin/sh\n"));
    assert_eq!(told(&deep), ("100644", "deep"));
    assert_eq!(told("twice"), ("100644", "second"));
    let home = std::fs::metadata(world.path("home")).unwrap();
    assert_eq!(
        home.mode() & 0o777,
        0o755,
        "the folder itself is left alone"
    );
    assert!(!found.keys().any(|name| name.contains("rei-recovery")));
    assert!(!world.path("aside").exists());
}

#[tokio::test]
async fn what_is_replaced_is_kept_with_its_owner_and_mode() {
    let world = World::new();
    let config = world.path("home/config.py");
    chown(&config, Some(77), Some(88)).unwrap();
    std::fs::set_permissions(&config, std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink("config.py", world.path("home/settings")).unwrap();
    let packed = Packing::new()
        .file("config.py", "new config")
        .file("settings", "a file now")
        .gzip();
    let done = world.unpack(&packed).await.unwrap();
    assert_eq!((done.files, done.bytes, done.replaced), (2, 20, 2));
    let found = tree(&world.path("home"));
    let owned = |content: &str| ("100640".to_owned(), 77, 88, content.as_bytes().to_vec());
    assert_eq!(found["config.py"], owned("new config"));
    let aside = tree(&world.path("aside/R-7"));
    assert_eq!(aside["config.py"], owned("old config"));
    assert_eq!(aside["settings"].3, b"config.py");
    // Once more changes nothing, and puts nothing else aside.
    assert_eq!(world.unpack(&packed).await, Ok(Unpacked::default()));
    assert_eq!(tree(&world.path("aside/R-7")), aside);
    // What came in between is kept too.
    std::fs::write(&config, "in between").unwrap();
    assert_eq!(world.unpack(&packed).await.unwrap().replaced, 1);
    let aside = contents(&world.path("aside/R-7"));
    assert_eq!(aside["config.py"], "old config");
    assert_eq!(aside["config.py.2"], "in between");
}

#[tokio::test]
async fn the_database_is_passed_over_wherever_it_lies() {
    let world = World::new();
    let before = contents(&world.path("home"));
    let packed = Packing::new()
        .file("bot.db", "old")
        .file("./bot.db-wal", "stale")
        .file("bot.db-shm", "stale")
        .file("data/rei.sqlite", "old")
        .file("data/rei.sqlite-journal", "stale")
        .hard_link("copy.db", "bot.db")
        .file(".rei-recovery-unpack/1", "ours")
        .file("data/other", "taken")
        .gzip();
    let done = world.unpack(&packed).await.unwrap();
    assert_eq!((done.files, done.replaced), (1, 0));
    let mut after = contents(&world.path("home"));
    assert_eq!(after.remove("data/other").as_deref(), Some("taken"));
    assert_eq!(after.remove("data").as_deref(), Some(""));
    assert_eq!(after, before);
}

#[tokio::test]
async fn what_the_tar_program_packs_is_unpacked() {
    let world = World::new();
    let from = world.path("from");
    let deep = from.join(["folder with a rather long name"; 5].join("/"));
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::write(deep.join("файл с длинным именем.txt"), "text").unwrap();
    std::fs::write(from.join("empty"), "").unwrap();
    std::fs::hard_link(from.join("empty"), from.join("other name")).unwrap();
    symlink("empty", from.join("link")).unwrap();
    for format in ["gnu", "pax", "ustar"] {
        let packed = world.path("packed");
        run(Command::new("tar")
            .arg(format!("--format={format}"))
            .arg("-czf")
            .arg(&packed)
            .arg("-C")
            .arg(&from)
            .arg("."));
        std::fs::remove_dir_all(world.path("home")).unwrap();
        std::fs::create_dir(world.path("home")).unwrap();
        let bytes = std::fs::read(&packed).unwrap();
        let done = world.unpack(&bytes).await.unwrap();
        assert_eq!(done.files, 4, "{format}");
        assert_eq!(contents(&world.path("home")), contents(&from), "{format}");
    }
}

#[tokio::test]
async fn folders_on_other_disks_take_their_files_too() {
    let (world, media, aside) = (World::new(), Disk::new(4096), Disk::new(4096));
    std::fs::create_dir(world.path("home/media")).unwrap();
    let mount = |from: &Disk, to: &str| {
        run(Command::new("mount")
            .arg("--bind")
            .arg(from.path())
            .arg(world.path(to)));
    };
    mount(&media, "home/media");
    std::fs::create_dir_all(world.path("aside/R-7")).unwrap();
    mount(&aside, "aside/R-7");
    std::fs::write(media.path().join("x"), "old").unwrap();
    symlink("x", media.path().join("l")).unwrap();
    let packed = Packing::new()
        .file("media/x", "new")
        .link("media/l", "y")
        .gzip();
    let done = world.unpack(&packed).await;
    let (new, old) = (contents(media.path()), contents(aside.path()));
    for place in ["home/media", "aside/R-7"] {
        run(Command::new("umount").arg(world.path(place)));
    }
    assert_eq!(done.unwrap().replaced, 2);
    assert_eq!((new["x"].as_str(), new["l"].as_str()), ("new", "y"));
    assert_eq!(
        (old["media/x"].as_str(), old["media/l"].as_str()),
        ("old", "x")
    );
    assert_eq!((new.len(), old.len()), (2, 3));
}

#[tokio::test]
async fn the_archive_of_a_backup_is_the_newest_up_to_an_hour_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let (server, folder) = s3(dir.path(), 3).await;
    let bucket = S3Place::new(&settings(&server)).await;
    let files = LocalSavedFiles::new("/r/bot.db".into(), LIMITS);
    let local: Arc<dyn BackupPlace> = Arc::new(rei_recovery::adapters::backup_dir::BackupDir::new(
        folder.clone(),
        limits().operation,
    ));
    let places: [Arc<dyn BackupPlace>; 2] = [Arc::new(bucket), local];
    for place in &places {
        assert_eq!(files.find(place, time()).await, Ok(None));
    }
    for name in [
        "files_20261121_000000.tar.gz",
        NAME,
        "files_20261123_041500.tar.gz",
        "files_20261123_041501.tar.gz",
        "files_20261124_000000.tar.gz",
        "db_20261123_031500.db.gz",
        "files_latest.tar.gz",
    ] {
        std::fs::write(folder.join(name), Packing::new().file("a", "b").gzip()).unwrap();
    }
    let sum = "ab".repeat(32);
    std::fs::write(folder.join("files_20261123_041500.tar.gz.sha256"), &sum).unwrap();
    for place in &places {
        let found = files.find(place, time()).await.unwrap().unwrap();
        assert!(
            found.name.ends_with("files_20261123_041500.tar.gz"),
            "{found:?}"
        );
        assert_eq!(found.sha256.as_deref(), Some(sum.as_str()));
        assert_eq!(place.archives().await.unwrap().len(), 5);
        assert_eq!(place.list().await.unwrap().len(), 1);
        let early = "20261121_120000".parse().unwrap();
        let found = files.find(place, early).await.unwrap().unwrap();
        assert!(found.name.ends_with("files_20261121_000000.tar.gz"));
    }
    std::fs::remove_file(folder.join("files_20261123_041500.tar.gz.sha256")).unwrap();
    // From the bucket all the way.
    let archive = files.find(&places[0], time()).await.unwrap().unwrap();
    let home = dir.path().join("home");
    std::fs::create_dir(&home).unwrap();
    let aside = dir.path().join("aside");
    let work = Work::default();
    let done = files
        .unpack(Arc::clone(&places[0]), &archive, (&home, &aside), &work)
        .await;
    assert_eq!(done.unwrap().files, 1);
    assert_eq!(contents(&home)["a"], "b");
    assert_eq!(work.progress.read().0, archive.size);
}
