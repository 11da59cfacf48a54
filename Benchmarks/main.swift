print("arena-bench")
