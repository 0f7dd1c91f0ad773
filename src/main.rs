//! The program; everything is in the library.

fn main() -> std::process::ExitCode {
    rei_recovery::app::main()
}
