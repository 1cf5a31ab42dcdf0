import SecretsAPI
import Testing

@Suite struct TimestampTests {
    // Python: datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    @Test(
        "times are RFC 3339 in UTC, to the second",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:01Z"), (951_827_696, "2000-02-29T12:34:56Z"),
            (1_700_000_000, "2023-11-14T22:13:20Z"), (2_147_483_648, "2038-01-19T03:14:08Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] as [(Int64, String)])
    func text(seconds: Int64, expected: String) {
        #expect(Timestamp.text(seconds) == expected)
        #expect(Timestamp.seconds(expected) == seconds)
    }

    // Python: int(datetime.fromisoformat(text).timestamp())
    @Test(
        "any form of RFC 3339 is read",
        arguments: [
            ("2026-11-28T03:16:45+00:00", 1_795_835_805), ("2026-11-28T03:16:45-00:00", 1_795_835_805),
            ("2026-11-28T04:46:45.999+01:30", 1_795_835_805), ("2026-11-27t22:16:45.5-05:00", 1_795_835_805),
            ("2026-11-28T03:16:45z", 1_795_835_805), ("2016-12-31T23:59:60Z", 1_483_228_800),
            ("2024-02-29T00:00:00Z", 1_709_164_800), ("0001-01-01T00:00:00Z", -62_135_596_800),
        ] as [(String, Int64)])
    func seconds(text: String, expected: Int64) {
        #expect(Timestamp.seconds(text) == expected)
    }

    @Test(
        "what is not RFC 3339 is no time",
        arguments: [
            "", "now", "2026-11-28", "2026-11-28T03:16:45", "2026-11-28T03:16Z", "2026-11-28 03:16:45Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-11-00T00:00:00Z", "2026-11-28T24:00:00Z", "2026-11-28T03:60:00Z", "2026-11-28T03:16:61Z",
            "2026-11-28T03:16:45.Z", "2026-11-28T03:16:45+0100", "2026-11-28T03:16:45Z ", " 2026-11-28T03:16:45Z",
            "26-11-28T03:16:45Z", "2026-11-28T03:16:45+24:00", "２０２６-11-28T03:16:45Z", "-026-11-28T03:16:45Z",
            "0000-01-01T00:00:00Z",
        ])
    func refused(text: String) {
        #expect(Timestamp.seconds(text) == nil)
    }
}
