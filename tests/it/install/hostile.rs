//! Archives that mean harm: refused by name, and the world is as it was to the last byte.

use super::packing::{LIMITS, NAME, Packing, World};
use crate::restore::fixture::{Disk, code, noise};
use flate2::{Compression, write::GzEncoder};
use rei_recovery::adapters::saved_files::Limits;
use rei_recovery::domain::failure::{Arg, FailureCode};
use rei_recovery::ports::PortError;
use rei_recovery::ports::backups::Work;
use std::io::Write;
use std::os::unix::fs::symlink;
use tar::{EntryType, Header};

const FILE: EntryType = EntryType::Regular;
const PLAIN: (&[u8], u32) = (b"", 0o644);

/// Unpacks and expects this reason, and no trace anywhere.
async fn refused(what: &str, packed: &[u8], limits: Limits, reason: &str) {
    let world = World::new();
    let before = world.tree();
    let work = Work::default();
    let error = world.unpack_within(packed, limits, &work).await;
    let error = error.expect_err(what);
    assert_eq!(error.code(), FailureCode::ArchiveHostile, "{what}: {error}");
    assert_eq!(argument(&error, "reason"), reason, "{what}");
    assert_eq!(argument(&error, "archive"), NAME, "{what}");
    assert_eq!(world.tree(), before, "{what}");
}

fn argument(error: &PortError, name: &str) -> String {
    match &error.failure.args[name] {
        Arg::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    }
}

/// What is harmless comes first, so that something would lie there if it were moved too early.
fn after_good() -> Packing {
    Packing::new()
        .file("good.txt", "good")
        .folder("a/", 0o755)
        .file("a/b.txt", "good")
}

#[tokio::test]
async fn paths_that_leave_the_folder_are_refused() {
    for name in [
        "../outside/victim",
        "a/../../outside/victim",
        "..",
        "/etc/cron.d/evil",
        "a/..",
    ] {
        let packed = after_good().file(name, "evil").gzip();
        refused(name, &packed, LIMITS, "outside").await;
        let packed = after_good().folder(name, 0o755).gzip();
        refused(name, &packed, LIMITS, "outside").await;
        let packed = after_good()
            .extended(&[("path", name.as_bytes())])
            .file("innocent", "evil")
            .gzip();
        refused(name, &packed, LIMITS, "outside").await;
    }
}

#[tokio::test]
async fn links_that_lead_out_are_refused() {
    let up = "../outside";
    for (what, packed) in [
        ("absolute", after_good().link("l", "/etc/passwd")),
        ("upwards", after_good().link("l", up)),
        (
            "upwards from below",
            after_good().link("a/l", "../../outside"),
        ),
        ("hidden upwards", after_good().link("l", "a/../../outside")),
        (
            "written through",
            after_good().link("l", up).file("l/victim", "evil"),
        ),
        (
            "inside, written through",
            after_good().link("l", "a").file("l/c.txt", "x"),
        ),
        (
            "written through, link last",
            after_good().file("l/c.txt", "x").link("l", "a"),
        ),
        (
            "in two steps",
            after_good()
                .link("s", ".")
                .link("s2", "s/..")
                .file("s2/x", "evil"),
        ),
        (
            "by way of another link",
            after_good().link("p", "a").link("l", "p/../.."),
        ),
        (
            "hard, upwards",
            after_good().hard_link("h", "../outside/victim"),
        ),
        ("hard, absolute", after_good().hard_link("h", "/etc/shadow")),
        (
            "hard, to what is in the folder",
            after_good().hard_link("h", "config.py"),
        ),
        (
            "hard, to a link",
            after_good().link("l", "a").hard_link("h", "l"),
        ),
        (
            "a file becomes a link",
            after_good().file("x", "1").link("x", "a"),
        ),
        (
            "a link becomes a file",
            after_good().link("x", "a").file("x", "1"),
        ),
        (
            "in a header of its own",
            after_good()
                .extended(&[("linkpath", b"../outside")])
                .link("l", "a"),
        ),
    ] {
        refused(what, &packed.gzip(), LIMITS, "link").await;
    }
}

#[tokio::test]
async fn what_is_no_file_is_refused() {
    for kind in [
        EntryType::Char,
        EntryType::Block,
        EntryType::Fifo,
        EntryType::new(b'V'),
    ] {
        let packed = after_good().raw(kind, b"x", PLAIN, b"").gzip();
        refused(&format!("{kind:?}"), &packed, LIMITS, "special").await;
    }
    let sparse = after_good()
        .extended(&[("GNU.sparse.major", b"1"), ("GNU.sparse.realsize", b"99")])
        .file("x", "1");
    refused("sparse by headers", &sparse.gzip(), LIMITS, "special").await;
    for mode in [0o4755, 0o2755] {
        let packed = after_good().raw(FILE, b"x", (b"", mode), b"").gzip();
        refused("a program", &packed, LIMITS, "bits").await;
        let packed = after_good().folder("x", mode).gzip();
        refused("a folder", &packed, LIMITS, "bits").await;
    }
}

#[tokio::test]
async fn names_that_deceive_are_refused() {
    for name in [&b"a\\..\\b"[..], b"a\nb", b"a\x1b[2Jb", b"a\x7f"] {
        let packed = after_good().raw(FILE, name, PLAIN, b"").gzip();
        refused(&format!("{name:?}"), &packed, LIMITS, "name").await;
    }
    let long = "x".repeat(256);
    refused("long", &after_good().long(&long, "").gzip(), LIMITS, "name").await;
    let deep = "abcdefg/".repeat(400);
    refused("deep", &after_good().long(&deep, "").gzip(), LIMITS, "name").await;
    let nul = after_good().extended(&[("path", b"a\0b")]).file("x", "");
    refused("NUL", &nul.gzip(), LIMITS, "name").await;
    let below = after_good().file("good.txt/x", "");
    refused("below a file", &below.gzip(), LIMITS, "name").await;
}

#[tokio::test]
async fn bombs_are_refused() {
    let few = Limits {
        entries: 4,
        ..LIMITS
    };
    let packed = after_good().file("4", "").file("5", "").gzip();
    refused("entries", &packed, few, "many").await;
    let small = Limits {
        bytes: 64 * 1024,
        ..LIMITS
    };
    let packed = after_good().raw(FILE, b"x", PLAIN, &noise(65_536)).gzip();
    refused("bytes", &packed, small, "large").await;
    let links = (0..9).fold(
        after_good().raw(FILE, b"x", PLAIN, &noise(10_000)),
        |packing, n| packing.hard_link(&format!("h{n}"), "x"),
    );
    refused("copies of one", &links.gzip(), small, "large").await;
    refused("zeros", &zeros(200 << 20), LIMITS, "large").await;
}

#[tokio::test]
async fn what_only_claims_to_be_large_is_refused_without_being_made() {
    let mut sparse = Header::new_gnu();
    sparse.set_entry_type(EntryType::GNUSparse);
    sparse.set_mode(0o644);
    sparse.set_path("x").unwrap();
    sparse.set_size(0);
    let gnu = sparse.as_gnu_mut().unwrap();
    gnu.set_real_size(1 << 50);
    gnu.sparse[0].set_offset(1 << 50);
    gnu.sparse[0].set_length(0);
    sparse.set_cksum();
    let packed = after_good().block(&sparse, b"").gzip();
    refused("sparse", &packed, LIMITS, "large").await;
    // A name is read into memory before anything of it is known.
    let name = vec![b'n'; 8 << 20];
    let packed = after_good().raw(EntryType::GNULongName, b"././@LongLink", PLAIN, &name);
    refused("a name", &packed.file("x", "").gzip(), LIMITS, "large").await;
    let headers = after_good().raw(EntryType::XHeader, b"h", PLAIN, &name);
    refused("headers", &headers.file("x", "").gzip(), LIMITS, "large").await;
}

/// A gzip file of so many zeros behind a header that promises them.
fn zeros(length: u64) -> Vec<u8> {
    let mut header = Header::new_gnu();
    header.set_path("zeros").unwrap();
    header.set_mode(0o644);
    header.set_size(length);
    header.set_cksum();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(header.as_bytes()).unwrap();
    let chunk = vec![0; 1 << 20];
    for _ in 0..length >> 20 {
        encoder.write_all(&chunk).unwrap();
    }
    encoder.write_all(&[0; 1024]).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn what_is_damaged_leaves_no_trace() {
    let good = after_good().file("c", &"text ".repeat(5000));
    let tar = good.tar();
    let packed = crate::restore::fixture::gzip(&tar);
    let cut = &packed[..packed.len() - 9];
    let mut flipped = packed.clone();
    let last = flipped.len() - 6;
    flipped[last] ^= 1;
    let gzip = crate::restore::fixture::gzip;
    for (what, bytes) in [
        ("cut", cut.to_vec()),
        ("flipped", flipped),
        ("no gzip", tar.clone()),
        ("empty", Vec::new()),
        ("no tar", gzip(&noise(2000))),
        ("cut before packing", gzip(&tar[..tar.len() - 8000])),
        ("something behind it", gzip(&[&tar[..], b"more"].concat())),
        ("two in one", gzip(&[&tar[..], &tar[..]].concat())),
    ] {
        let world = World::new();
        let before = world.tree();
        let failed = world.unpack(&bytes).await;
        assert_eq!(code(failed), FailureCode::ArchiveDamaged, "{what}");
        assert_eq!(world.tree(), before, "{what}");
    }
    let world = World::new();
    let sums = world.path("backups").join(format!("{NAME}.sha256"));
    std::fs::write(sums, "ab".repeat(32)).unwrap();
    let failed = world.unpack(&packed).await;
    assert_eq!(
        code(failed),
        FailureCode::ArchiveDamaged,
        "another checksum"
    );
}

#[tokio::test]
async fn a_link_in_the_folder_leads_nothing_out() {
    for below in ["media/victim", "media/deep/er"] {
        let world = World::new();
        symlink(world.path("outside"), world.path("home/media")).unwrap();
        let before = world.tree();
        let packed = after_good().file(below, "evil").gzip();
        let failed = world.unpack(&packed).await;
        assert_eq!(code(failed), FailureCode::PlaceTaken);
        assert_eq!(world.tree(), before);
    }
    let world = World::new();
    symlink(world.path("outside"), world.path("home/media")).unwrap();
    let failed = world
        .unpack(&after_good().link("l", "media/x").gzip())
        .await;
    assert_eq!(code(failed), FailureCode::ArchiveHostile);
}

#[tokio::test]
async fn a_folder_is_no_place_for_a_file_and_the_other_way_round() {
    for packed in [
        after_good().file("logs", "a file"),
        after_good().folder("config.py", 0o755),
        after_good().file("config.py/x", ""),
    ] {
        let world = World::new();
        let before = world.tree();
        let failed = world.unpack(&packed.gzip()).await;
        assert_eq!(code(failed), FailureCode::PlaceTaken);
        assert_eq!(world.tree(), before);
    }
}

#[tokio::test]
async fn the_disk_is_not_filled() {
    let disk = Disk::new(4096);
    let world = World::new();
    std::fs::remove_dir_all(world.path("home")).unwrap();
    symlink(disk.path(), world.path("home")).unwrap();
    let packed = after_good().raw(FILE, b"x", PLAIN, &noise(3 << 20)).gzip();
    let reserve = Limits {
        reserve: 2 << 20,
        ..LIMITS
    };
    let failed = world
        .unpack_within(&packed, reserve, &Work::default())
        .await;
    assert_eq!(code(failed), FailureCode::DiskFull);
    assert_eq!(std::fs::read_dir(disk.path()).unwrap().count(), 0);
    assert!(world.unpack(&packed).await.is_ok());
}

#[tokio::test]
async fn a_small_archive_does_not_want_a_large_disk() {
    let disk = Disk::new(24 << 10);
    let world = World::new();
    std::fs::remove_dir_all(world.path("home")).unwrap();
    symlink(disk.path(), world.path("home")).unwrap();
    let packed = after_good().gzip();
    let work = Work::default();
    let unpacked = world.unpack_within(&packed, Limits::USUAL, &work).await;
    assert!(unpacked.is_ok(), "{unpacked:?}");
    // What REI needs for its database all the same.
    let packed = after_good().raw(FILE, b"x", PLAIN, &noise(6 << 20)).gzip();
    let failed = world.unpack_within(&packed, Limits::USUAL, &work).await;
    assert_eq!(code(failed), FailureCode::DiskFull);
}

#[tokio::test]
async fn what_is_cancelled_leaves_no_trace() {
    let world = World::new();
    let before = world.tree();
    let work = Work::default();
    work.cancel.cancel();
    let failed = world
        .unpack_within(&after_good().gzip(), LIMITS, &work)
        .await;
    assert_eq!(code(failed), FailureCode::CutOff);
    assert_eq!(world.tree(), before);
}
