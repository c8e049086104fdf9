"""What a node holds of one person, for drills: every tier answers the same questions."""
