//! Addresses that no setting may lead to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where the machine's own cloud answers, in the form that has no link-local address.
const CLOUD: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Whether an address is one of this link only. Clouds answer there with the machine's own credentials;
/// what anybody else asks there is asked on behalf of an attacker.
#[must_use]
pub fn is_of_the_link(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => Ipv4Addr::is_link_local(&address),
        IpAddr::V6(address) => address.is_unicast_link_local() || address == CLOUD,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metadata_of_clouds_is_told_from_servers() {
        for (address, of_the_link) in [
            ("169.254.169.254", true),
            ("169.254.170.2", true),
            ("::ffff:169.254.169.254", true),
            ("fe80::1", true),
            ("fd00:ec2::254", true),
            ("127.0.0.1", false),
            ("10.0.0.7", false),
            ("fd00::7", false),
            ("93.184.216.34", false),
        ] {
            assert_eq!(
                is_of_the_link(address.parse().unwrap()),
                of_the_link,
                "{address}"
            );
        }
    }
}
