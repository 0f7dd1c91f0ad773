//! From a file id to a path that can be fetched.

use super::{
    super::{
        error::ApiError,
        files::{MAX_DOWNLOAD, resolve},
        message::MediaKind,
        wire,
    },
    Ctx, Reply,
};

pub(super) fn get(ctx: &mut Ctx<'_>) -> Reply {
    let unknown = || ApiError::bad_request("wrong file_id or the file is temporarily unavailable");
    let id = ctx.params.text("file_id").unwrap_or_default();
    let (kind, index) = resolve(ctx.bot, &id).ok_or_else(unknown)?;
    let file = ctx.world.file(index).ok_or_else(unknown)?;
    if file.bytes.len() > MAX_DOWNLOAD {
        return Err(ApiError::bad_request("file is too big"));
    }
    let folder = match kind {
        MediaKind::Photo => "photos",
        MediaKind::Video => "videos",
        MediaKind::Document => "documents",
    };
    let extension = file
        .name
        .as_deref()
        .and_then(|name| name.rsplit_once('.'))
        .map_or_else(String::new, |(_, extension)| format!(".{extension}"));
    let mut json = wire::file(ctx.bot, kind, index, file.bytes.len());
    json["file_path"] = format!("{folder}/file_{index}{extension}").into();
    Ok(json)
}
