// Package market prices energy and clears the trade between prosumers: tariffs
// of the grid, matching of surplus with deficit, rules for the price among
// peers, costs (15) and (19) of the paper, and settlement in whole milli-units
// of money.
//
// [New] makes a [Market] from a [Config] and a year. Each step, [Market.Quote]
// gives the prices, [Market.Clear] matches and [Charge] tells what a prosumer
// pays; [Settle] turns the same clearing into bills.
//
// The package decides no set points and knows no network: exchange in,
// trades and money out.
package market
