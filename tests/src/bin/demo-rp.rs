//! The demo's relying party alone: `demo-rp [PORT]`, 8000 unless said otherwise. Ctrl-C ends it.

use tests::relying_party::RelyingParty;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let port = std::env::args().nth(1).map_or(Ok(8000), |text| text.parse())?;
    let relying_party = RelyingParty::start(port).await?;
    println!("{}", relying_party.url());
    tokio::signal::ctrl_c().await?;
    Ok(())
}
