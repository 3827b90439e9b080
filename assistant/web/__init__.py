"""The page: a conversation in the browser, with citations that open the document at their place."""
