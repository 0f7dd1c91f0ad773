//! The program `rei-recovery`.

fn main() {}
