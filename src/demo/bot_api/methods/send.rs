//! New messages.

use super::{
    super::{
        error::ApiError,
        ids::Place,
        message::{Body, MediaKind, Sender},
        text::{MAX_CAPTION, MAX_TEXT, RichText},
        wire,
        world::Draft,
    },
    Ctx, Reply,
    media::formatted,
};

/// The field that buys a place beyond the free limit.
pub(in super::super) const PAID: &str = "allow_paid_broadcast";

pub(super) fn message(ctx: &mut Ctx<'_>) -> Reply {
    let place = ctx.writable()?;
    let text = ctx.text("message is too long")?;
    let keyboard = ctx.keyboard(true)?;
    post(
        ctx,
        place,
        Body {
            text,
            media: None,
            keyboard,
        },
    )
}

pub(super) fn photo(ctx: &mut Ctx<'_>) -> Reply {
    with_media(ctx, MediaKind::Photo, "photo")
}

pub(super) fn video(ctx: &mut Ctx<'_>) -> Reply {
    with_media(ctx, MediaKind::Video, "video")
}

pub(super) fn document(ctx: &mut Ctx<'_>) -> Reply {
    with_media(ctx, MediaKind::Document, "document")
}

fn with_media(ctx: &mut Ctx<'_>, kind: MediaKind, field: &str) -> Reply {
    let place = ctx.writable()?;
    let text = ctx.caption()?;
    let keyboard = ctx.keyboard(true)?;
    let reference = ctx.params.text(field);
    let media = ctx.media(kind, field, reference.as_deref())?;
    post(
        ctx,
        place,
        Body {
            text,
            media: Some(media),
            keyboard,
        },
    )
}

fn post(ctx: &mut Ctx<'_>, place: Place, body: Body) -> Reply {
    let draft = Draft {
        reply_to: ctx.reply_to(place)?,
        asks: ctx.asks(),
        silent: ctx.params.flag("disable_notification"),
        ..Draft::new(Sender::Bot(ctx.bot), body)
    };
    let id = ctx.world.post(place, draft);
    ctx.world.paid += u64::from(ctx.params.flag(PAID));
    let posted = ctx
        .world
        .message(place, id)
        .map(|m| wire::message(ctx.world, ctx.bot, m));
    Ok(posted.unwrap_or_default())
}

impl Ctx<'_> {
    /// The text of a message; `too_long` because new and edited ones are refused differently.
    pub(super) fn text(&self, too_long: &str) -> Result<RichText, ApiError> {
        let text = self.params.text("text").unwrap_or_default();
        if text.is_empty() {
            return Err(ApiError::bad_request("message text is empty"));
        }
        let mode = self.params.text("parse_mode");
        let rich = formatted(self.params, &text, mode.as_deref(), "entities")?;
        if rich.text.is_empty() {
            return Err(ApiError::bad_request("text must be non-empty"));
        }
        if rich.units() > MAX_TEXT {
            return Err(ApiError::bad_request(too_long));
        }
        Ok(rich)
    }

    pub(super) fn caption(&self) -> Result<RichText, ApiError> {
        let text = self.params.text("caption").unwrap_or_default();
        let mode = self.params.text("parse_mode");
        let rich = formatted(self.params, &text, mode.as_deref(), "caption_entities")?;
        check_caption(rich)
    }
}

pub(super) fn check_caption(rich: RichText) -> Result<RichText, ApiError> {
    if rich.units() > MAX_CAPTION {
        return Err(ApiError::bad_request("message caption is too long"));
    }
    Ok(rich)
}
