/** The rate that a true one would exceed only if so few events were bad luck of 1 in 20; 3.00 for none. */
export function upperBound(count: number): number {
  let low = count
  let high = count + 10 + 6 * Math.sqrt(count)
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (atMost(count, middle) > 0.05) low = middle
    else high = middle
  }
  return high
}

/** The probability of at most `count` events where `mean` are expected. */
function atMost(count: number, mean: number): number {
  let term = Math.exp(-mean)
  let sum = term
  for (let k = 1; k <= count; k++) {
    term *= mean / k
    sum += term
  }
  return sum
}
