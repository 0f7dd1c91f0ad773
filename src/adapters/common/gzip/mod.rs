//! A compressed backup or archive becomes plain bytes, in two stages with a short queue between
//! them: taking the bytes in (and their checksum), and inflating them on a thread of its own. A
//! stage that ends without saying that it is complete stops its neighbours: a stream that was cut
//! off can never look like one that ended.

pub(crate) mod deflate;
pub(crate) mod feed;
pub(crate) mod inflate;
