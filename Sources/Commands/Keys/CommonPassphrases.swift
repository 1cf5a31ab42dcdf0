/// What is tried first wherever a password is asked for: the heads of the lists that leaks have made known, in lower case,
/// without what sequences and rows of the keyboard cover.
enum CommonPassphrases {
    static let list = [
        "password", "passwort", "passphrase", "secret", "letmein", "welcome", "admin", "administrator", "login",
        "iloveyou", "dragon", "monkey", "sunshine", "princess", "football", "baseball", "master", "shadow", "superman",
        "batman",
        "trustno", "hello", "freedom", "whatever", "michael", "jordan", "ashley", "jennifer", "hunter", "charlie",
        "computer", "internet", "starwars", "pokemon", "cheese", "summer", "winter", "spring", "autumn", "ginger",
        "soccer", "hockey", "killer", "pepper", "daniel", "jessica", "michelle", "thomas", "robert", "matthew",
        "andrew", "joshua", "george", "nicole", "amanda", "maggie", "buster", "tigger", "cookie", "flower",
        "purple", "orange", "banana", "chocolate", "butterfly", "liverpool", "arsenal", "chelsea", "mustang", "ferrari",
        "mercedes", "yankees", "cowboys", "lakers", "harley", "ranger", "matrix", "phoenix", "diamond", "silver",
        "golden", "lovely", "babygirl", "qazwsx", "access", "default", "changeme", "root", "toor", "guest",
        "user", "test", "testing", "temp", "demo", "sample", "example", "private", "security", "server",
        "system", "service", "office", "google", "facebook", "linux", "ubuntu", "debian", "docker", "oracle",
        "mysql", "postgres", "coffer", "vault", "bitcoin", "crypto", "wallet", "backup", "recovery", "opensesame",
        "love", "god", "sex", "money", "angel",
        "jesus", "family", "friends", "forever", "london", "berlin", "paris", "america", "canada", "germany",
        "january", "february", "march", "april", "june", "july", "august", "september", "october", "november",
        "correcthorsebatterystaple", "correct horse battery staple", "thequickbrownfox", "the quick brown fox",
        "jumps over the lazy dog", "to be or not to be", "that is the question", "p a s s w o r d",
        "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]
}
