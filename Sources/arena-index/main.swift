print("arena-index")
