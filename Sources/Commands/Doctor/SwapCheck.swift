internal import Glibc

/// Where memory that is not locked may be written to, and whether that is encrypted.
///
/// The kernel tells by `/proc/swaps`; of a block device `/sys` tells whether dm-crypt is in it or below it.
struct SwapCheck {
    var machine = Machine()

    private enum Kind {
        case encrypted
        case memory
        case plain
    }

    func finding() -> Finding {
        let check = "swap"
        guard let lines = machine.lines(of: machine.proc + "/swaps") else {
            return .warning(check, "\(machine.proc)/swaps cannot be read", remedy: "swapon --show")
        }
        let areas = lines.dropFirst().compactMap { line -> (path: String, isFile: Bool)? in
            let fields = line.split { $0 == " " || $0 == "\t" }
            guard fields.count > 1 else { return nil }
            return (Self.unescaped(fields[0]), fields[1] == "file")
        }
        guard !areas.isEmpty else { return .ok(check, "none") }
        let plain = areas.filter { kind(of: $0.path, isFile: $0.isFile) == .plain }.map(\.path)
        guard plain.isEmpty else {
            return .warning(
                check, "not encrypted: \(plain.joined(separator: ", ")); what is not locked may be written there",
                remedy: "sudo swapoff \(plain.map(\.asShellWord).joined(separator: " "))")
        }
        return .ok(check, "encrypted or in memory: \(areas.map(\.path).joined(separator: ", "))")
    }

    private func kind(of path: String, isFile: Bool) -> Kind {
        if isFile {
            guard let device = Machine.status(of: path)?.st_dev else { return .plain }
            return kind(ofDevice: Self.number(device))
        }
        // A name of ours to a device that the kernel calls otherwise (/dev/mapper/…).
        let name = (Machine.resolved(path) ?? path).split(separator: "/").last.map(String.init) ?? path
        return kind(ofBlock: "\(machine.sys)/class/block/\(name)")
    }

    private func kind(ofDevice number: String) -> Kind {
        kind(ofBlock: "\(machine.sys)/dev/block/\(number)")
    }

    /// `folder` is what `/sys` has of a block device.
    private func kind(ofBlock folder: String, depth: Int = 0) -> Kind {
        let name = folder.split(separator: "/").last ?? ""
        if name.hasPrefix("zram") {
            let backing = machine.line(of: folder + "/backing_dev") ?? "none"
            return backing == "none" ? .memory : .plain
        }
        if let id = machine.line(of: folder + "/dm/uuid"), id.hasPrefix("CRYPT-") { return .encrypted }
        // A volume of LVM, for one, is as encrypted as all that it lies on.
        let below = machine.names(in: folder + "/slaves")
        guard !below.isEmpty, depth < 8 else { return .plain }
        let kinds = below.map { kind(ofBlock: "\(folder)/slaves/\($0)", depth: depth + 1) }
        return kinds.allSatisfy { $0 == .encrypted } ? .encrypted : .plain
    }

    /// A device's number as `/sys/dev/block` has it.
    private static func number(_ device: dev_t) -> String {
        let major = (device >> 8) & 0xfff | (device >> 32) & ~0xfff
        let minor = device & 0xff | (device >> 12) & ~0xff
        return "\(major):\(minor)"
    }

    /// A path as the kernel writes it, with blanks and the like as `\040`.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
