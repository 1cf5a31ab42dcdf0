internal import SecretsAPI

/// How secrets are shown: their metadata, as JSON of the API's shape or for people.
enum SecretOutput {
    /// Prints one secret's metadata. Throws ``Failure``.
    static func print(_ secret: Secret, json: Bool) throws(Failure) {
        if json { return try Output.json(secret) }
        let lines = [
            ("name", secret.name),
            ("masked_value", secret.maskedValue),
            ("default_available", String(secret.defaultAvailable)),
            ("created_by_agent", String(secret.createdByAgent)),
            ("project_id", secret.projectID ?? "-"),
            ("created_at", secret.createdAt),
            ("updated_at", secret.updatedAt),
            ("id", secret.id),
        ]
        for (key, value) in lines {
            try Output.line(key + String(repeating: " ", count: 19 - key.utf8.count) + value)
        }
    }

    /// Prints several secrets' metadata. Throws ``Failure``.
    static func print(_ list: SecretList, json: Bool) throws(Failure) {
        if json { return try Output.json(list) }
        var table = Table(heading: ["NAME", "VALUE", "DEFAULT", "AGENT", "UPDATED", "ID"])
        for secret in list.secrets {
            table.rows.append([
                secret.name, secret.maskedValue, secret.defaultAvailable ? "yes" : "no",
                secret.createdByAgent ? "yes" : "no", secret.updatedAt, secret.id,
            ])
        }
        try table.print()
    }
}
