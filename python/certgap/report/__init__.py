"""What people read: the summary that ends a build."""
