//! What people put into an incident stays there, whatever else happens at the time.

use crate::bot_api::PNG;
use crate::chat::scene::{Options, Scene, ann};
use rei_recovery::ops::Written;
use std::fs::File;
use std::time::SystemTime;

#[tokio::test(flavor = "multi_thread")]
async fn its_pictures_stay_when_old_files_of_notices_go() {
    let scene = Scene::silent(Options::default()).await;
    let case = scene.ops.open_case(&ann(), "Slow").await.unwrap();
    let picture = scene.ops.keep_file(PNG.to_vec()).await.unwrap();
    let loose = scene.ops.keep_file(b"loose".to_vec()).await.unwrap();
    let note = Written {
        picture: Some(picture.clone()),
        ..Written::default()
    };
    scene
        .ops
        .note_case(&ann(), Some(case.id), &note)
        .await
        .unwrap();
    let lies = |content: &str| scene.state().join("notices").join(content);
    for content in [&picture, &loose] {
        let file = File::options().append(true).open(lies(content)).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }
    // A closed incident is kept as well: its document is read for years.
    scene.ops.close_case(&ann(), case.id).await.unwrap();
    scene.ops.clear_notices().await.unwrap();
    assert!(!lies(&loose).exists());
    assert!(lies(&picture).exists());
    let dressed = scene.ops.dressed_dossier(case.id).await.unwrap();
    assert_eq!(dressed.pictures[&picture], PNG);
}
