//! The ground, the inks, the letters.

use super::{PictureError, Result};
use plotters::coord::Shift;
use plotters::prelude::{
    BitMapBackend, DrawingArea, IntoDrawingArea, IntoFont, RGBColor, Rectangle,
};
use plotters::style::{Color, FontStyle, register_font};
use std::sync::OnceLock;

/// Width in pixels; a phone shows a third of it.
pub(super) const WIDTH: u32 = 1080;

pub(super) const MARGIN: i32 = 28;

/// Heights of letters.
pub(super) const TITLE: u32 = 52;
pub(super) const LABEL: u32 = 40;
pub(super) const SMALL: u32 = 36;

const FONT: &str = "picture";

/// Colours, all of them legible on [`GROUND`](ink::GROUND).
pub(super) mod ink {
    use super::RGBColor;

    pub const GROUND: RGBColor = RGBColor(0x17, 0x1f, 0x29);
    pub const TEXT: RGBColor = RGBColor(0xf0, 0xf4, 0xf8);
    pub const FAINT: RGBColor = RGBColor(0xa9, 0xb6, 0xc3);
    pub const GRID: RGBColor = RGBColor(0x33, 0x40, 0x4e);
    pub const UNSEEN: RGBColor = RGBColor(0x62, 0x71, 0x80);
    pub const UP: RGBColor = RGBColor(0x3d, 0xb3, 0x5b);
    pub const DEGRADED: RGBColor = RGBColor(0xff, 0xb9, 0x2e);
    pub const DOWN: RGBColor = RGBColor(0xff, 0x4d, 0x4f);
    pub const UNKNOWN: RGBColor = RGBColor(0x9a, 0xa7, 0xb5);
    pub const LINE: RGBColor = RGBColor(0x5c, 0xb8, 0xff);
}

/// The pixels.
pub(super) struct Canvas {
    pixels: Vec<u8>,
    height: u32,
}

/// A hand that draws on a canvas.
pub(super) struct View<'a> {
    pub(super) area: DrawingArea<BitMapBackend<'a>, Shift>,
}

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Align {
    Left,
    Middle,
    Right,
}

impl Canvas {
    /// An empty one on the dark ground.
    pub(super) fn new(height: u32) -> Result<Self> {
        Self::on(ink::GROUND, height)
    }

    /// An empty one on this ground.
    pub(super) fn on(ground: RGBColor, height: u32) -> Result<Self> {
        ready()?;
        let RGBColor(red, green, blue) = ground;
        let count = WIDTH as usize * height as usize;
        Ok(Self {
            pixels: [red, green, blue].repeat(count),
            height,
        })
    }

    pub(super) fn view(&mut self) -> View<'_> {
        let backend = BitMapBackend::with_buffer(&mut self.pixels, (WIDTH, self.height));
        View {
            area: backend.into_drawing_area(),
        }
    }

    pub(super) fn png(self) -> Result<Vec<u8>> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, WIDTH, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()?;
        Ok(file)
    }
}

impl View<'_> {
    /// Writes a line of text; `y` is the line that the letters stand on.
    pub(super) fn text(
        &self,
        text: &str,
        (x, y): (i32, i32),
        (size, color): (u32, RGBColor),
        align: Align,
    ) -> Result<()> {
        let width = width(text, size)?;
        let x = match align {
            Align::Left => x,
            Align::Middle => x - width / 2,
            Align::Right => x - width,
        };
        // The library puts the letters' foot half their size below the given place.
        let top = y - i32::try_from(size / 2).unwrap_or(0);
        let style = (FONT, size).into_font().color(&color);
        self.area.draw_text(text, &style, (x, top)).map_err(drawn)
    }

    /// A text that is cut where it would be wider.
    pub(super) fn label(&self, text: &str, y: i32, room: i32) -> Result<()> {
        let shown = fitted(text, LABEL, room)?;
        self.text(&shown, (MARGIN, y), (LABEL, ink::TEXT), Align::Left)
    }

    /// A filled rectangle, both corners inside.
    pub(super) fn fill(&self, (x, y): (i32, i32), (w, h): (i32, i32), ink: RGBColor) -> Result<()> {
        if w <= 0 || h <= 0 {
            return Ok(());
        }
        let corners = [(x, y), (x + w - 1, y + h - 1)];
        self.area
            .draw(&Rectangle::new(corners, ink.filled()))
            .map_err(drawn)
    }
}

/// A text cut to this room.
pub(super) fn fitted(text: &str, size: u32, room: i32) -> Result<String> {
    // No more than could ever fit: a name may come from anywhere.
    let mut shown: String = text.chars().take(64).collect();
    while width(&shown, size)? > room && shown.chars().count() > 1 {
        shown = shown.trim_end_matches('…').to_owned();
        shown.pop();
        shown.push('…');
    }
    Ok(shown)
}

/// Makes the font known. Whoever measures a text may come before whoever draws one.
fn ready() -> Result<()> {
    static READY: OnceLock<bool> = OnceLock::new();
    let font = include_bytes!("roboto.ttf");
    let ready = READY.get_or_init(|| register_font(FONT, FontStyle::Normal, font).is_ok());
    ready.then_some(()).ok_or(PictureError::Font)
}

pub(super) fn width(text: &str, size: u32) -> Result<i32> {
    ready()?;
    let font = (FONT, size).into_font();
    let (width, _) = font.box_size(text).map_err(drawn)?;
    Ok(i32::try_from(width).unwrap_or(i32::MAX))
}

pub(super) fn drawn(error: impl std::fmt::Display) -> PictureError {
    PictureError::Draw(error.to_string())
}
