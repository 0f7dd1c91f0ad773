//! Drills, held by the real program as an admin starts them at the console.

mod held;
mod killed;
mod scene;
