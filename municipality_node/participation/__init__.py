"""参加・不参加: who is withheld, and 転入通知 that go by paper."""
