public import FoundationEssentials

/// How shapes become bytes and bytes become shapes, at the API and with `--json` alike.
public enum JSON {
    /// `shape` as compact JSON with its keys in order.
    public static func encode(_ shape: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Shapes hold strings, numbers, Booleans and lists of these: encoding them cannot fail.
        return try! encoder.encode(shape)
    }

    /// The shape in `body`. Throws ``Problem/notJSON`` and ``Problem/invalid(_:)``.
    public static func decode<Shape: Decodable>(_: Shape.Type, from body: Data) throws(Problem) -> Shape {
        guard JSONText.isStrict(body) else { throw .notJSON }
        do {
            return try JSONDecoder().decode(Shape.self, from: body)
        } catch let error as InvalidRequest {
            throw .invalid(error.faults)
        } catch {
            // The decoder's own message may quote the body, so it goes no further.
            throw .notJSON
        }
    }
}
