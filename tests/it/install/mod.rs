//! REI's folder on real files, programs that really run, and AI providers over HTTP.

mod archives;
mod cut_off;
mod hostile;
mod lookups;
mod packing;
mod probes;
mod programs;
mod settings;
mod surroundings;
mod tree;
