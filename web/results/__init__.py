"""What came of a round: the public page of its results, for whoever comes, without a cookie."""
