//! The loopback interface of a network namespace.
use crate::system::{close, ioctl, refused, socket, Step};

pub fn bring_up() -> Step<()> {
    #[repr(C)]
    struct Request {
        name: [u8; 16],
        flags: i16,
        rest: [u8; 22],
    }
    let mut request = Request { name: [0; 16], flags: 0, rest: [0; 22] };
    request.name[..2].copy_from_slice(b"lo");
    // SAFETY: SIOCGIFFLAGS and SIOCSIFFLAGS on a structure of the size that they expect.
    unsafe {
        let fd = socket(2, 2 | 0o2000000, 0);
        if fd < 0 || ioctl(fd, 0x8913, &mut request) != 0 {
            return refused("lo");
        }
        request.flags |= 1;
        if ioctl(fd, 0x8914, &request) != 0 {
            return refused("lo");
        }
        close(fd);
    }
    Ok(())
}
