"""What SLT sees: the digest as page, text and e-mail, and the review pages."""
