//! Whose a connection on loopback is: every user of the machine can connect.

use std::net::{SocketAddr, SocketAddrV4};

/// Whether the other end of a connection may be a program of this user's, as far as the system tells.
///
/// The address of the page stands on the browser's command line, where other users can read it, and they
/// could be faster than the browser. Linux tells whose a connection is; elsewhere everybody may be ours.
pub(super) fn may_be_ours(peer: SocketAddr, local: SocketAddrV4) -> bool {
    let SocketAddr::V4(peer) = peer else {
        return false;
    };
    #[cfg(target_os = "linux")]
    return linux::may_be_ours(peer, local);
    #[cfg(not(target_os = "linux"))]
    return peer.ip().is_loopback() && local.ip().is_loopback();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{fs, net::SocketAddrV4};

    use crate::environment;

    /// The tables of this machine's connections. An IPv6 socket can talk IPv4 and stands in the second.
    const TABLES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];

    pub(super) fn may_be_ours(peer: SocketAddrV4, local: SocketAddrV4) -> bool {
        let tables: Vec<String> = TABLES
            .into_iter()
            .filter_map(|table| fs::read_to_string(table).ok())
            .collect();
        let own = rustix::process::geteuid().as_raw();
        match owner(&tables, peer, local) {
            // Root can read our memory anyway.
            Some(owner) => owner == own || owner == 0,
            // Nobody here: what Windows passes on, or a system that does not tell.
            None => tables.is_empty() || environment::is_inside_windows(),
        }
    }

    /// The user whose socket has these two ends.
    pub(super) fn owner(tables: &[String], peer: SocketAddrV4, local: SocketAddrV4) -> Option<u32> {
        let (peer, local) = (written(peer), written(local));
        tables
            .iter()
            .flat_map(|table| table.lines())
            .find_map(|line| {
                let mut fields = line.split_ascii_whitespace().skip(1);
                let is_it = fields.next()?.ends_with(&peer) && fields.next()?.ends_with(&local);
                let owner = fields.nth(4)?;
                if is_it { owner.parse().ok() } else { None }
            })
    }

    /// An address as the tables have it: in the order of the machine's bytes. In the table of IPv6 it is
    /// the end of a longer one.
    fn written(address: SocketAddrV4) -> String {
        let ip = u32::from_ne_bytes(address.ip().octets());
        format!("{ip:08X}:{:04X}", address.port())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

    use super::*;

    fn v4(address: SocketAddr) -> SocketAddrV4 {
        match address {
            SocketAddr::V4(address) => address,
            SocketAddr::V6(_) => panic!("not IPv4"),
        }
    }

    #[test]
    fn a_connection_of_ours_is_ours() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (_accepted, peer) = listener.accept().unwrap();
        assert_eq!(peer, stream.local_addr().unwrap());
        assert!(may_be_ours(peer, v4(listener.local_addr().unwrap())));
        // Nobody has this one.
        drop(stream);
        let nobody: SocketAddr = "127.0.0.1:1".parse().unwrap();
        assert!(!may_be_ours(nobody, v4(listener.local_addr().unwrap())));
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn the_owner_is_read_from_both_tables() {
        let of_four = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
            0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 1 1\n   \
            1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1002        0 2 1\n";
        let of_six = "   0: 0000000000000000FFFF00000100007F:C351 0000000000000000FFFF00000100007F:1F90 01 \
            00000000:00000000 00:00000000 00000000  1003        0 3 1\n";
        let tables = [of_four.to_owned(), of_six.to_owned()];
        let page: SocketAddrV4 = "127.0.0.1:8080".parse().unwrap();
        for (port, owner) in [(50_000, Some(1002)), (50_001, Some(1003)), (50_002, None)] {
            let peer = SocketAddrV4::new(Ipv4Addr::LOCALHOST, port);
            assert_eq!(linux::owner(&tables, peer, page), owner, "{port}");
        }
    }
}
