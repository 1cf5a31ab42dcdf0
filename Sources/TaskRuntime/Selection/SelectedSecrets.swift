public import Vault

/// What a ``Selection`` comes to.
public struct SelectedSecrets: Sendable {
    /// The selected secrets, one for each name, in order of their names.
    public let secrets: [SelectedSecret]
    /// Those that would have been selected, had their names not been ones that steer programs (``SteeringName``).
    public let passedOver: [SelectedSecret]
}

/// A selected secret.
public struct SelectedSecret: Sendable {
    /// What is known of it.
    public let metadata: SecretMetadata
    /// Why it is selected.
    public let reason: Reason
}

/// Why a secret is selected: the first of these that holds.
public enum Reason: Sendable {
    /// The person who starts the task names it.
    case wanted
    /// The project file lists it.
    case listed
    /// It is available by default.
    case defaultAvailable
    /// All are wanted.
    case all
}
